//! CRC-32 as zip wants it (ISO-HDLC), eight bytes a step: it finds accidents, never attackers.

const TABLES: [[u32; 256]; 8] = tables();

const fn tables() -> [[u32; 256]; 8] {
    let mut tables = [[0; 256]; 8];
    let mut byte = 0;
    while byte < 256 {
        let mut value = byte as u32;
        let mut bit = 0;
        while bit < 8 {
            value = if value & 1 == 1 { value >> 1 ^ 0xedb8_8320 } else { value >> 1 };
            bit += 1;
        }
        tables[0][byte] = value;
        byte += 1;
    }
    let mut table = 1;
    while table < 8 {
        let mut byte = 0;
        while byte < 256 {
            let before = tables[table - 1][byte];
            tables[table][byte] = before >> 8 ^ tables[0][(before & 0xff) as usize];
            byte += 1;
        }
        table += 1;
    }
    tables
}

/// A checksum over pieces.
#[derive(Clone, Copy)]
pub struct Crc32(u32);

impl Default for Crc32 {
    fn default() -> Self {
        Self(u32::MAX)
    }
}

impl Crc32 {
    /// The checksum of one piece.
    #[must_use]
    pub fn of(bytes: &[u8]) -> u32 {
        let mut crc = Self::default();
        crc.update(bytes);
        crc.finish()
    }

    /// Takes the next piece.
    pub fn update(&mut self, bytes: &[u8]) {
        let (eights, rest) = bytes.as_chunks::<8>();
        let mut crc = self.0;
        for eight in eights {
            let [a, b, c, d] = crc.to_le_bytes();
            crc = at(7, eight[0] ^ a)
                ^ at(6, eight[1] ^ b)
                ^ at(5, eight[2] ^ c)
                ^ at(4, eight[3] ^ d)
                ^ at(3, eight[4])
                ^ at(2, eight[5])
                ^ at(1, eight[6])
                ^ at(0, eight[7]);
        }
        for byte in rest {
            let [low, ..] = crc.to_le_bytes();
            crc = crc >> 8 ^ at(0, low ^ byte);
        }
        self.0 = crc;
    }

    /// The checksum of all pieces.
    #[must_use]
    pub const fn finish(self) -> u32 {
        !self.0
    }
}

fn at(table: usize, byte: u8) -> u32 {
    TABLES[table][usize::from(byte)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_standard_check_value_comes_out_in_any_pieces() {
        assert_eq!(Crc32::of(b"123456789"), 0xcbf4_3926);
        assert_eq!(Crc32::of(b""), 0);
        let text: alloc::vec::Vec<u8> = (0..=255).cycle().take(1000).collect();
        for cut in 0..40 {
            let mut crc = Crc32::default();
            crc.update(&text[..cut]);
            crc.update(&text[cut..]);
            assert_eq!(crc.finish(), Crc32::of(&text));
        }
    }
}
