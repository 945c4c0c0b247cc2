//! Writes a small PDF: text on letter-size pages, in the one font that every viewer has.

use std::fmt::Write as _;

/// Lines on a page.
const LINES: usize = 46;

/// A PDF with a heading and lines of text (ASCII; anything else becomes a question mark).
#[must_use]
pub fn pdf(title: &str, lines: &[String]) -> Vec<u8> {
    let pages: Vec<&[String]> =
        if lines.is_empty() { vec![&[]] } else { lines.chunks(LINES).collect() };
    let mut file = File { bytes: b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n".to_vec(), offsets: Vec::new() };
    // Objects: 1 catalog, 2 pages, 3 and 4 fonts, then a page and its content for each page.
    let kids: String = (0..pages.len()).fold(String::new(), |mut kids, page| {
        let _ = write!(kids, "{} 0 R ", 5 + page * 2);
        kids
    });
    file.object("<< /Type /Catalog /Pages 2 0 R >>");
    file.object(&format!("<< /Type /Pages /Kids [ {kids}] /Count {} >>", pages.len()));
    file.object(
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    );
    file.object(
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica-Bold /Encoding /WinAnsiEncoding >>",
    );
    for (number, lines) in pages.iter().enumerate() {
        file.object(&format!(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] \
             /Resources << /Font << /F1 3 0 R /F2 4 0 R >> >> /Contents {} 0 R >>",
            6 + number * 2
        ));
        let content = content(title, lines, number + 1, pages.len());
        file.object(&format!("<< /Length {} >>\nstream\n{content}\nendstream", content.len()));
    }
    file.finish()
}

fn content(title: &str, lines: &[String], page: usize, pages: usize) -> String {
    let mut text = format!("BT /F2 15 Tf 64 730 Td ({}) Tj ET\n", escaped(title));
    text.push_str("0.6 G 0.7 w 64 720 m 548 720 l S\nBT /F1 10.5 Tf 64 698 Td 13.5 TL\n");
    for line in lines {
        let _ = writeln!(text, "({}) Tj T*", escaped(line));
    }
    let _ = write!(text, "ET\nBT /F1 8 Tf 64 40 Td (Page {page} of {pages}) Tj ET");
    text
}

fn escaped(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        match c {
            '(' | ')' | '\\' => out.extend(['\\', c]),
            ' '..='~' => out.push(c),
            _ => out.push('?'),
        }
    }
    out
}

struct File {
    bytes: Vec<u8>,
    offsets: Vec<usize>,
}

impl File {
    fn object(&mut self, body: &str) {
        self.offsets.push(self.bytes.len());
        let number = self.offsets.len();
        self.bytes.extend_from_slice(format!("{number} 0 obj\n{body}\nendobj\n").as_bytes());
    }

    fn finish(mut self) -> Vec<u8> {
        let start = self.bytes.len();
        let count = self.offsets.len() + 1;
        let mut tail = format!("xref\n0 {count}\n0000000000 65535 f \n");
        for offset in &self.offsets {
            let _ = writeln!(tail, "{offset:010} 00000 n ");
        }
        let _ =
            write!(tail, "trailer\n<< /Size {count} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n");
        self.bytes.extend_from_slice(tail.as_bytes());
        self.bytes
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]
    use super::*;

    #[test]
    fn every_offset_of_the_table_points_at_its_object() {
        let lines: Vec<String> =
            (0..100).map(|n| format!("Line {n} (with brackets) \\ é")).collect();
        let bytes = pdf("Title", &lines);
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let table = text.split("xref\n0 ").nth(1).unwrap();
        let offsets = table.lines().skip(2).take_while(|line| line.ends_with(" n "));
        let mut count = 0;
        for (number, line) in offsets.enumerate() {
            let offset: usize = line.get(..10).unwrap().parse().unwrap();
            let wanted = format!("{} 0 obj\n", number + 1);
            assert!(bytes[offset..].starts_with(wanted.as_bytes()), "{line}");
            count += 1;
        }
        assert_eq!(count, 4 + 3 * 2);
        assert!(text.contains("(Line 0 \\(with brackets\\) \\\\ ?) Tj"));
        for stream in text.split("/Length ").skip(1) {
            let length: usize = stream.split(' ').next().unwrap().parse().unwrap();
            let (_, body) = stream.split_once("stream\n").unwrap();
            assert_eq!(body.get(length..length + 10), Some("\nendstream"));
        }
    }
}
