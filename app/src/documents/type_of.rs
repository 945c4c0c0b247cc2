//! What a document can be shown as, judged by its first bytes: a name or a sender's word may lie.

/// How a document opens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ShownAs {
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

/// How many of the first bytes [`shown_as`] wants: all of a text that opens in place.
pub const HEAD: usize = MOST_TEXT as usize;

/// Judges by the first bytes. Markup of any kind is text to us: it is never run.
#[must_use]
pub fn shown_as(first: &[u8], size: u64) -> ShownAs {
    if size == 0 {
        return ShownAs::Empty;
    }
    if size > MOST {
        return ShownAs::Saved;
    }
    let starts = |magic: &[u8]| first.starts_with(magic);
    if starts(&[0xff, 0xd8, 0xff]) {
        return ShownAs::Image("image/jpeg");
    }
    if starts(b"\x89PNG\r\n\x1a\n") {
        return ShownAs::Image("image/png");
    }
    if starts(b"RIFF") && first.get(8..12) == Some(b"WEBP") {
        return ShownAs::Image("image/webp");
    }
    // The head may come a little late in a file that a scanner wrote.
    let head = first.get(..first.len().min(1024)).unwrap_or_default();
    if head.windows(5).any(|five| five == b"%PDF-") {
        return ShownAs::Pdf;
    }
    let clean = |byte: &u8| *byte >= 0x20 || matches!(byte, b'\t' | b'\n' | b'\r');
    let whole = core::str::from_utf8(first).map_or_else(|bad| bad.error_len().is_none(), |_| true);
    if size <= MOST_TEXT && whole && first.iter().all(clean) {
        ShownAs::Text
    } else {
        ShownAs::Saved
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_bindgen_test::wasm_bindgen_test;

    #[wasm_bindgen_test]
    fn a_document_is_what_its_first_bytes_say() {
        assert_eq!(shown_as(b"\xff\xd8\xff\xe0rest", 10), ShownAs::Image("image/jpeg"));
        assert_eq!(shown_as(b"\x89PNG\r\n\x1a\nrest", 10), ShownAs::Image("image/png"));
        assert_eq!(shown_as(b"RIFF\0\0\0\0WEBPrest", 20), ShownAs::Image("image/webp"));
        assert_eq!(shown_as(b"junk\n%PDF-1.7", 20), ShownAs::Pdf);
        assert_eq!(shown_as("Grüße\n".as_bytes(), 8), ShownAs::Text);
    }

    #[wasm_bindgen_test]
    fn an_empty_file_is_called_empty() {
        assert_eq!(shown_as(b"", 0), ShownAs::Empty);
        assert_eq!(shown_as(b"\n", 1), ShownAs::Text);
    }

    #[wasm_bindgen_test]
    fn markup_is_text_and_never_more() {
        assert_eq!(shown_as(b"<svg onload=alert(1)>", 21), ShownAs::Text);
        assert_eq!(shown_as(b"<!doctype html><script>", 23), ShownAs::Text);
    }

    #[wasm_bindgen_test]
    fn what_is_unknown_or_too_large_is_only_saved() {
        assert_eq!(shown_as(b"\0\x01\x02", 3), ShownAs::Saved);
        assert_eq!(shown_as(b"MZ\x90\0", 4), ShownAs::Saved);
        assert_eq!(shown_as(b"\xff\xd8\xff", MOST + 1), ShownAs::Saved);
        assert_eq!(shown_as(b"text", MOST_TEXT + 1), ShownAs::Saved);
        assert_eq!(shown_as(b"bad \xff utf", 9), ShownAs::Saved);
    }
}
