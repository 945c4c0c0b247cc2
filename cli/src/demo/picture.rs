//! Draws the demonstration's photographs and scans, and writes them as PNG and JPEG.

use shared::client::crc32::Crc32;

/// A picture of 24-bit pixels.
pub struct Picture {
    width: usize,
    height: usize,
    pixels: Vec<[u8; 3]>,
}

/// What a picture shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scene {
    /// A car with a dent.
    Car,
    /// A house.
    House,
    /// A page on a scanner.
    Page,
    /// A card such as an insurer gives.
    Card,
}

type Colour = [u8; 3];

impl Picture {
    /// Draws a scene; another `seed` gives another colour, grain and dent.
    #[must_use]
    pub fn of(scene: Scene, seed: u32) -> Self {
        let (width, height) = if scene == Scene::Page { (408, 528) } else { (480, 320) };
        let mut picture = Self { width, height, pixels: vec![[0; 3]; width * height] };
        match scene {
            Scene::Car => picture.car(seed),
            Scene::House => picture.house(seed),
            Scene::Page => picture.page(seed),
            Scene::Card => picture.card(seed),
        }
        picture.grain(seed);
        picture
    }

    fn sky_and_ground(&mut self, ground: Colour) {
        for y in 0..self.height {
            for x in 0..self.width {
                let fade = u8::try_from(y * 60 / self.height).unwrap_or(0);
                let sky = [150 + fade, 185 + fade, 225_u8.saturating_add(fade / 2)];
                self.pixels[y * self.width + x] =
                    if y > self.height * 2 / 3 { ground } else { sky };
            }
        }
    }

    fn car(&mut self, seed: u32) {
        self.sky_and_ground([96, 96, 100]);
        let paint =
            [[168, 32, 38], [36, 70, 130], [210, 210, 205], [44, 92, 60]][seed as usize % 4];
        self.rect((70, 170), (340, 70), paint);
        self.rect((150, 120), (180, 52), paint);
        self.rect((160, 128), (75, 42), [190, 215, 230]);
        self.rect((245, 128), (75, 42), [190, 215, 230]);
        for wheel in [140, 340] {
            self.disc((wheel, 240), 32, [28, 28, 30]);
            self.disc((wheel, 240), 14, [170, 170, 172]);
        }
        let dent = 330 + (seed as usize * 7) % 50;
        self.disc((dent, 200), 22, paint.map(|part| part / 2));
        self.disc((dent + 8, 204), 12, paint.map(|part| part / 3));
    }

    fn house(&mut self, seed: u32) {
        self.sky_and_ground([104, 142, 84]);
        let wall = [[222, 208, 182], [196, 204, 210], [214, 186, 170]][seed as usize % 3];
        self.rect((140, 130), (210, 120), wall);
        for row in 0..70 {
            let half = row * 130 / 70;
            self.rect((245 - half, 60 + row), (half * 2, 1), [122, 62, 48]);
        }
        self.rect((225, 180), (42, 70), [92, 60, 40]);
        for x in [160, 290] {
            self.rect((x, 160), (40, 36), [176, 204, 220]);
        }
    }

    fn page(&mut self, seed: u32) {
        self.rect((0, 0), (408, 528), [232, 230, 224]);
        self.rect((18, 14), (372, 500), [250, 249, 244]);
        let mut y = 52;
        let mut state = seed;
        while y < 480 {
            let mut x = 50;
            while x < 340 {
                let word = 8 + next(&mut state) as usize % 38;
                self.rect((x, y), (word.min(350 - x), 4), [70, 70, 78]);
                x += word + 6;
            }
            y += if next(&mut state).is_multiple_of(5) { 24 } else { 12 };
        }
        self.disc((320, 440), 34, [176, 60, 58]);
        self.disc((320, 440), 28, [250, 249, 244]);
        self.rect((296, 436), (48, 6), [176, 60, 58]);
    }

    fn card(&mut self, seed: u32) {
        self.rect((0, 0), (480, 320), [120, 104, 88]);
        let paint = [[226, 236, 246], [238, 240, 226], [240, 230, 236]][seed as usize % 3];
        self.rect((70, 60), (340, 200), paint);
        self.rect((70, 60), (340, 40), [38, 84, 120]);
        self.rect((90, 122), (90, 110), [160, 170, 180]);
        self.disc((135, 160), 22, [110, 120, 130]);
        let mut state = seed;
        for line in 0..6 {
            let len = 80 + next(&mut state) as usize % 100;
            self.rect((200, 124 + line * 18), (len, 6), [60, 66, 74]);
        }
    }

    fn rect(
        &mut self,
        (left, top): (usize, usize),
        (width, height): (usize, usize),
        colour: Colour,
    ) {
        for y in top..(top + height).min(self.height) {
            for x in left..(left + width).min(self.width) {
                self.pixels[y * self.width + x] = colour;
            }
        }
    }

    fn disc(&mut self, (cx, cy): (usize, usize), radius: usize, colour: Colour) {
        for y in cy.saturating_sub(radius)..(cy + radius).min(self.height) {
            for x in cx.saturating_sub(radius)..(cx + radius).min(self.width) {
                if x.abs_diff(cx).pow(2) + y.abs_diff(cy).pow(2) < radius * radius {
                    self.pixels[y * self.width + x] = colour;
                }
            }
        }
    }

    fn grain(&mut self, seed: u32) {
        let mut state = seed | 1;
        for pixel in &mut self.pixels {
            let speck = (next(&mut state) % 9) as u8;
            *pixel = pixel.map(|part| part.saturating_add(speck).saturating_sub(4));
        }
    }

    /// As PNG, without compression.
    #[must_use]
    pub fn png(&self) -> Vec<u8> {
        let mut rows = Vec::with_capacity(self.pixels.len() * 3 + self.height);
        for row in self.pixels.chunks(self.width) {
            rows.push(0);
            rows.extend(row.iter().flatten());
        }
        let mut head = Vec::new();
        head.extend(be(self.width));
        head.extend(be(self.height));
        head.extend([8, 2, 0, 0, 0]);
        let mut file = b"\x89PNG\r\n\x1a\n".to_vec();
        chunk(&mut file, b"IHDR", &head);
        chunk(&mut file, b"IDAT", &stored_zlib(&rows));
        chunk(&mut file, b"IEND", &[]);
        file
    }

    /// As JPEG.
    #[must_use]
    pub fn jpeg(&self) -> Vec<u8> {
        super::jpeg::encode(self.width, self.height, |x, y| {
            self.pixels[y.min(self.height - 1) * self.width + x.min(self.width - 1)]
        })
    }
}

/// The next of a row of numbers that look random (xorshift): a demonstration is the same each time.
pub(super) fn next(state: &mut u32) -> u32 {
    *state ^= *state << 13;
    *state ^= *state >> 17;
    *state ^= *state << 5;
    if *state == 0 {
        *state = 0x9e37_79b9;
    }
    *state
}

fn be(value: usize) -> [u8; 4] {
    u32::try_from(value).unwrap_or(0).to_be_bytes()
}

fn chunk(file: &mut Vec<u8>, kind: &[u8; 4], data: &[u8]) {
    file.extend(be(data.len()));
    let start = file.len();
    file.extend(kind);
    file.extend(data);
    let crc = Crc32::of(file.get(start..).unwrap_or_default());
    file.extend(crc.to_be_bytes());
}

/// A zlib stream of stored blocks.
fn stored_zlib(data: &[u8]) -> Vec<u8> {
    let mut out = vec![0x78, 0x01];
    let count = data.chunks(0xffff).len();
    for (number, block) in data.chunks(0xffff).enumerate() {
        let len = u16::try_from(block.len()).unwrap_or(0);
        out.push(u8::from(number + 1 == count));
        out.extend(len.to_le_bytes());
        out.extend((!len).to_le_bytes());
        out.extend(block);
    }
    let (mut a, mut b) = (1_u32, 0_u32);
    for byte in data {
        a = (a + u32::from(*byte)) % 65_521;
        b = (b + a) % 65_521;
    }
    out.extend((b << 16 | a).to_be_bytes());
    out
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]
    use super::*;

    #[test]
    fn a_png_has_its_pixels_and_every_check() {
        let file = Picture::of(Scene::Card, 7).png();
        let mut rest = file.strip_prefix(b"\x89PNG\r\n\x1a\n").unwrap();
        let mut kinds = Vec::new();
        while let Some((len, body)) = rest.split_first_chunk::<4>() {
            let len = u32::from_be_bytes(*len) as usize;
            let crc = u32::from_be_bytes(body[len + 4..len + 8].try_into().unwrap());
            assert_eq!(crc, Crc32::of(&body[..len + 4]));
            kinds.push((body[..4].to_vec(), len));
            rest = &body[len + 8..];
        }
        let raw = (480 * 3 + 1) * 320;
        let blocks = usize::div_ceil(raw, 0xffff);
        let data = (b"IDAT".to_vec(), 2 + raw + blocks * 5 + 4);
        assert_eq!(kinds, [(b"IHDR".to_vec(), 13), data, (b"IEND".to_vec(), 0)]);
    }

    #[test]
    fn a_jpeg_has_its_segments_and_no_stray_marker() {
        let file = Picture::of(Scene::Car, 7).jpeg();
        let mut rest = file.strip_prefix(&[0xff, 0xd8]).unwrap();
        let mut markers = Vec::new();
        while markers.last() != Some(&0xda) {
            let [0xff, marker, high, low, ..] = *rest else { panic!("a segment") };
            markers.push(marker);
            rest = &rest[2 + usize::from(u16::from_be_bytes([high, low]))..];
        }
        assert_eq!(markers, [0xe0, 0xdb, 0xc0, 0xc4, 0xc4, 0xda]);
        let scan = rest.strip_suffix(&[0xff, 0xd9]).unwrap();
        assert!(scan.windows(2).all(|pair| pair[0] != 0xff || pair[1] == 0));
    }
}
