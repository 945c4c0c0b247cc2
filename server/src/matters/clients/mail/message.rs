//! What goes out: an address that is one and nothing else, and a text that names nobody.

use std::time::{Duration, UNIX_EPOCH};

use lettre::message::{Mailbox, header::ContentType};
use lettre::{Address, Message};
use shared::journal::code::DIGITS;
use shared::secret::Secret;
use shared::time::Timestamp;

/// Where a mail goes, with the code that it brings.
pub struct Recipient {
    address: Secret<String>,
    code: Secret<String>,
}

impl Recipient {
    /// Reads both strictly; `None` where one of them is anything else. Neither a space nor a line's end, a quote,
    /// a comment or a second address gets through, so nothing else gets into an envelope or a header.
    #[must_use]
    pub fn parse(address: String, code: String) -> Option<Self> {
        let (address, code) = (Secret::new(address), Secret::new(code));
        // EXPOSE: looked at, not kept.
        let is_code =
            code.expose().len() == DIGITS && code.expose().bytes().all(|b| b.is_ascii_digit());
        (is_code && is_address(address.expose())).then_some(Self { address, code })
    }

    /// The mail, dated. It says what to do with the code, and neither who sends it nor why.
    pub(super) fn message(
        &self,
        from: &Mailbox,
        id: &str,
        now: Timestamp,
    ) -> Result<Message, lettre::error::Error> {
        // EXPOSE: the mail server has to be told.
        let to: Address =
            self.address.expose().parse().map_err(|_| lettre::error::Error::MissingTo)?;
        Message::builder()
            .from(from.clone())
            .to(Mailbox::new(None, to))
            .date(UNIX_EPOCH + Duration::from_millis(now.0))
            .message_id(Some(id.to_owned()))
            .subject("Your code / Su código")
            .header(ContentType::TEXT_PLAIN)
            // EXPOSE: the mail is made to bring it.
            .body(text(self.code.expose()))
    }
}

fn text(code: &str) -> String {
    let (head, tail) = code.split_at_checked(DIGITS / 2).unwrap_or((code, ""));
    [
        "Your code is ", head, " ", tail, ".\r\n\r\n",
        "Open the link that you used before, on the same device, and type it under your receipt.\r\n",
        "If you did not expect this, you need do nothing.\r\n\r\n",
        "Su código es ", head, " ", tail, ".\r\n\r\n",
        "Abra el enlace que ya usó, en el mismo dispositivo, y escríbalo debajo de su comprobante.\r\n",
        "Si no esperaba este mensaje, no tiene que hacer nada.\r\n",
    ]
    .concat()
}

/// `local@host.example`: letters, digits and the signs that need no quotes.
fn is_address(text: &str) -> bool {
    const SIGNS: &[u8] = b"!#$%&'*+-/=?^_`{|}~";
    let Some((local, host)) = text.split_once('@') else { return false };
    let atom = |part: &str| {
        !part.is_empty() && part.bytes().all(|b| b.is_ascii_alphanumeric() || SIGNS.contains(&b))
    };
    let label = |part: &str| {
        let inner = |b: u8| b.is_ascii_alphanumeric() || b == b'-';
        (1..=63).contains(&part.len())
            && part.bytes().all(inner)
            && !part.starts_with('-')
            && !part.ends_with('-')
    };
    local.len() <= 64
        && text.len() <= 254
        && local.split('.').all(atom)
        && host.contains('.')
        && host.split('.').all(label)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
    use super::*;

    fn reads(address: &str, code: &str) -> bool {
        Recipient::parse(address.to_owned(), code.to_owned()).is_some()
    }

    #[test]
    fn an_address_is_one_address() {
        for good in ["amara@example.com", "a.b+c@mail.example.co.uk", "o'neil_1@x-y.example"] {
            assert!(reads(good, "12345678"), "{good}");
        }
        let long = format!("{}@example.com", "a".repeat(65));
        for bad in [
            "",
            "@",
            "amara",
            "amara@",
            "@example.com",
            "amara@localhost",
            "a@b@example.com",
            "amara@example.com\r\nBcc: x@example.com",
            "amara@example.com\n",
            "amara @example.com",
            "a,b@example.com",
            "<amara@example.com>",
            "\"a b\"@example.com",
            "a..b@example.com",
            ".a@example.com",
            "amara@exa_mple.com",
            "amara@-x.example",
            "amara@example..com",
            "amara@[127.0.0.1]",
            "amará@example.com",
            "amara@example.com>",
            long.as_str(),
        ] {
            assert!(!reads(bad, "12345678"), "{bad:?}");
        }
    }

    #[test]
    fn a_code_is_eight_digits() {
        for bad in ["", "1234567", "123456789", "1234 678", "12345678\r\n", "١٢٣٤٥٦٧٨"] {
            assert!(!reads("amara@example.com", bad), "{bad:?}");
        }
    }

    #[test]
    fn the_mail_names_nobody() {
        let to = Recipient::parse("amara@example.com".to_owned(), "12345678".to_owned()).unwrap();
        let from: Mailbox = "portal@firm.example".parse().unwrap();
        let mail = to.message(&from, "<1@firm.example>", Timestamp(1_795_000_000_000)).unwrap();
        let bytes = String::from_utf8(mail.formatted()).unwrap();
        let (head, _) = bytes.split_once("\r\n\r\n").unwrap();
        let mut names: Vec<&str> =
            head.lines().filter_map(|line| Some(line.split_once(':')?.0)).collect();
        names.sort_unstable();
        let all = [
            "Content-Transfer-Encoding",
            "Content-Type",
            "Date",
            "From",
            "MIME-Version",
            "Message-ID",
            "Subject",
            "To",
        ];
        assert!(names.iter().all(|name| all.contains(name)), "{names:?}");
        assert!(head.contains("To: amara@example.com"));
    }
}
