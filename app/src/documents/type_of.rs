//! What a document can be shown as, judged by its first bytes: a name or a sender's word may lie.

/// How a document opens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shown {
    /// In an `<img>`, with this type.
    Image(&'static str),
    /// In the sandboxed viewer.
    Pdf,
    /// As plain text.
    Text,
    /// As a sentence: there is nothing in it.
    Empty,
    /// Not here: it is only saved.
    Saved,
}

/// Largest document that opens in place; more is saved.
pub const MOST: u64 = 100 * 1000 * 1000;
/// Largest text that opens in place.
pub const MOST_TEXT: u64 = 2 * 1000 * 1000;

/// How many of the first bytes [`shown`] wants: all of a text that opens in place.
pub const HEAD: usize = MOST_TEXT as usize;

/// Judges by the first bytes. Markup of any kind is text to us: it is never run.
#[must_use]
pub fn shown(first: &[u8], size: u64) -> Shown {
    if size == 0 {
        return Shown::Empty;
    }
    if size > MOST {
        return Shown::Saved;
    }
    let starts = |magic: &[u8]| first.starts_with(magic);
    if starts(&[0xff, 0xd8, 0xff]) {
        return Shown::Image("image/jpeg");
    }
    if starts(b"\x89PNG\r\n\x1a\n") {
        return Shown::Image("image/png");
    }
    if starts(b"RIFF") && first.get(8..12) == Some(b"WEBP") {
        return Shown::Image("image/webp");
    }
    // The head may come a little late in a file that a scanner wrote.
    let head = first.get(..first.len().min(1024)).unwrap_or_default();
    if head.windows(5).any(|five| five == b"%PDF-") {
        return Shown::Pdf;
    }
    let clean = |byte: &u8| *byte >= 0x20 || matches!(byte, b'\t' | b'\n' | b'\r');
    let whole = core::str::from_utf8(first).map_or_else(|bad| bad.error_len().is_none(), |_| true);
    if size <= MOST_TEXT && whole && first.iter().all(clean) { Shown::Text } else { Shown::Saved }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_bindgen_test::wasm_bindgen_test;

    #[wasm_bindgen_test]
    fn a_document_is_what_its_first_bytes_say() {
        assert_eq!(shown(b"\xff\xd8\xff\xe0rest", 10), Shown::Image("image/jpeg"));
        assert_eq!(shown(b"\x89PNG\r\n\x1a\nrest", 10), Shown::Image("image/png"));
        assert_eq!(shown(b"RIFF\0\0\0\0WEBPrest", 20), Shown::Image("image/webp"));
        assert_eq!(shown(b"junk\n%PDF-1.7", 20), Shown::Pdf);
        assert_eq!(shown("Grüße\n".as_bytes(), 8), Shown::Text);
    }

    #[wasm_bindgen_test]
    fn an_empty_file_is_called_empty() {
        assert_eq!(shown(b"", 0), Shown::Empty);
        assert_eq!(shown(b"\n", 1), Shown::Text);
    }

    #[wasm_bindgen_test]
    fn markup_is_text_and_never_more() {
        assert_eq!(shown(b"<svg onload=alert(1)>", 21), Shown::Text);
        assert_eq!(shown(b"<!doctype html><script>", 23), Shown::Text);
    }

    #[wasm_bindgen_test]
    fn what_is_unknown_or_too_large_is_only_saved() {
        assert_eq!(shown(b"\0\x01\x02", 3), Shown::Saved);
        assert_eq!(shown(b"MZ\x90\0", 4), Shown::Saved);
        assert_eq!(shown(b"\xff\xd8\xff", MOST + 1), Shown::Saved);
        assert_eq!(shown(b"text", MOST_TEXT + 1), Shown::Saved);
        assert_eq!(shown(b"bad \xff utf", 9), Shown::Saved);
    }
}
