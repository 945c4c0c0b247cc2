//! A baseline JPEG encoder of a page: one quantisation table, and a code of equal lengths instead of
//! tuned Huffman tables. Files come out larger than others' and are read by everybody.

use std::f32::consts::PI;

/// Encodes a picture whose pixels a function gives; it is asked beyond the edge for the last blocks.
#[must_use]
pub fn encode(width: usize, height: usize, pixel: impl Fn(usize, usize) -> [u8; 3]) -> Vec<u8> {
    let zigzag = zigzag();
    let mut file = head(width, height, &zigzag);
    let mut bits = Bits { file: Vec::new(), held: 0, count: 0 };
    let mut last = [0; 3];
    for top in (0..height).step_by(8) {
        for left in (0..width).step_by(8) {
            for (part, last) in last.iter_mut().enumerate() {
                let block =
                    std::array::from_fn(|at| luma(pixel(left + at % 8, top + at / 8), part));
                bits.block(&transformed(&block), &zigzag, last);
            }
        }
    }
    file.extend(bits.finish());
    file.extend([0xff, 0xd9]);
    file
}

fn head(width: usize, height: usize, zigzag: &[usize; 64]) -> Vec<u8> {
    let [_, _, h1, h0] = u32::try_from(height).unwrap_or(0).to_be_bytes();
    let [_, _, w1, w0] = u32::try_from(width).unwrap_or(0).to_be_bytes();
    let mut file = vec![0xff, 0xd8];
    segment(&mut file, 0xe0, b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0");
    let table: Vec<u8> = std::iter::once(0).chain(zigzag.iter().map(|at| step(*at))).collect();
    segment(&mut file, 0xdb, &table);
    segment(&mut file, 0xc0, &[8, h1, h0, w1, w0, 3, 1, 0x11, 0, 2, 0x11, 0, 3, 0x11, 0]);
    // Twelve codes of four bits for the sizes of the first coefficient.
    let mut sizes = vec![0x00, 0, 0, 0, 12, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
    sizes.extend(0..12);
    segment(&mut file, 0xc4, &sizes);
    let symbols = symbols();
    let mut runs = vec![0x10, 0, 0, 0, 0, 0, 0, 0, u8::try_from(symbols.len()).unwrap_or(0)];
    runs.extend([0; 8]);
    runs.extend(&symbols);
    segment(&mut file, 0xc4, &runs);
    segment(&mut file, 0xda, &[3, 1, 0, 2, 0, 3, 0, 0, 63, 0]);
    file
}

fn segment(file: &mut Vec<u8>, marker: u8, body: &[u8]) {
    file.extend([0xff, marker]);
    file.extend(u16::try_from(body.len() + 2).unwrap_or(0).to_be_bytes());
    file.extend(body);
}

/// Every pair of a run of zeros and a size, in the order of their codes: end of block, sixteen
/// zeros, then the rest.
fn symbols() -> Vec<u8> {
    let pairs = (0..16_u8).flat_map(|run| (1..=10_u8).map(move |size| run << 4 | size));
    [0x00, 0xf0].into_iter().chain(pairs).collect()
}

fn code(symbol: u8) -> u32 {
    match symbol {
        0x00 => 0,
        0xf0 => 1,
        other => 2 + u32::from(other >> 4) * 10 + u32::from(other & 15) - 1,
    }
}

/// Coarser for finer detail.
fn step(at: usize) -> u8 {
    u8::try_from(6 + (at % 8 + at / 8) * 4).unwrap_or(u8::MAX)
}

fn zigzag() -> [usize; 64] {
    let mut order: [usize; 64] = std::array::from_fn(|at| at);
    order.sort_by_key(|at| {
        let (x, y) = (at % 8, at / 8);
        let along = if (x + y) % 2 == 0 { x } else { y };
        (x + y, along)
    });
    order
}

/// Brightness, or one of the two colour differences, around zero.
fn luma([r, g, b]: [u8; 3], part: usize) -> f32 {
    let (r, g, b) = (f32::from(r), f32::from(g), f32::from(b));
    match part {
        0 => 0.299 * r + 0.587 * g + 0.114 * b - 128.0,
        1 => -0.168_736 * r - 0.331_264 * g + 0.5 * b,
        _ => 0.5 * r - 0.418_688 * g - 0.081_312 * b,
    }
}

fn transformed(block: &[f32; 64]) -> [i32; 64] {
    let waves: [f32; 64] = std::array::from_fn(|at| {
        let (x, u) = ((at / 8) as f32, (at % 8) as f32);
        let scale = if at % 8 == 0 { 0.5_f32.sqrt() } else { 1.0 };
        scale * 0.5 * ((2.0 * x + 1.0) * u * PI / 16.0).cos()
    });
    let mut rows = [0.0; 64];
    for y in 0..8 {
        for u in 0..8 {
            rows[y * 8 + u] = (0..8).map(|x| block[y * 8 + x] * waves[x * 8 + u]).sum();
        }
    }
    std::array::from_fn(|at| {
        let (u, v) = (at % 8, at / 8);
        let sum: f32 = (0..8).map(|y| rows[y * 8 + u] * waves[y * 8 + v]).sum();
        (sum / f32::from(step(at))).round() as i32
    })
}

struct Bits {
    file: Vec<u8>,
    held: u32,
    count: u32,
}

impl Bits {
    fn block(&mut self, block: &[i32; 64], zigzag: &[usize; 64], last: &mut i32) {
        let difference = block[0] - *last;
        *last = block[0];
        let size = size(difference);
        self.put(size, 4);
        self.value(difference, size);
        let mut run = 0_u8;
        for at in zigzag.iter().skip(1) {
            let value = block[*at].clamp(-1023, 1023);
            if value == 0 {
                run += 1;
                continue;
            }
            while run > 15 {
                self.put(code(0xf0), 8);
                run -= 16;
            }
            let size = size_of(value);
            self.put(code(run << 4 | size), 8);
            self.value(value, u32::from(size));
            run = 0;
        }
        if run > 0 {
            self.put(code(0x00), 8);
        }
    }

    fn value(&mut self, value: i32, size: u32) {
        let bits = if value < 0 { value - 1 } else { value };
        self.put(bits.cast_unsigned() & ((1 << size) - 1), size);
    }

    fn put(&mut self, bits: u32, count: u32) {
        self.held = self.held << count | bits;
        self.count += count;
        while self.count >= 8 {
            self.count -= 8;
            let byte = (self.held >> self.count & 0xff) as u8;
            self.file.push(byte);
            if byte == 0xff {
                self.file.push(0);
            }
        }
        self.held &= (1 << self.count) - 1;
    }

    fn finish(mut self) -> Vec<u8> {
        self.put(0x7f, 7);
        self.file
    }
}

fn size(value: i32) -> u32 {
    32 - value.unsigned_abs().leading_zeros()
}

fn size_of(value: i32) -> u8 {
    u8::try_from(size(value)).unwrap_or(0)
}
