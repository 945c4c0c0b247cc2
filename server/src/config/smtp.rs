//! The mail server that takes our mails, as it is configured.

use core::time::Duration;
use std::net::IpAddr;

use lettre::Address;

use super::{ConfigError, Layers};

/// How to reach it.
#[derive(Clone)]
pub struct Smtp {
    /// Its name.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// Whether TLS comes first; else the connection is raised to it, and on this machine there is none.
    pub implicit_tls: bool,
    /// Name and password, where it asks for them.
    pub login: Option<(String, String)>,
    /// Whom mails come from.
    pub from: Address,
    /// The first wait before another try.
    pub first_wait: Duration,
}

impl Smtp {
    /// Whether it is on this machine.
    #[must_use]
    pub fn is_local(&self) -> bool {
        let address = self.host.parse::<IpAddr>();
        self.host == "localhost" || address.is_ok_and(|address| address.is_loopback())
    }

    /// Reads the settings; `None` where no mail server is named.
    pub(super) fn parse(layers: &Layers) -> Result<Option<Self>, ConfigError> {
        let Some(server) = layers.optional("smtp.server") else { return Ok(None) };
        let shape = "an address like smtps://mail.example.com or smtp://localhost:2525";
        let bad = || layers.bad("smtp.server", shape);
        let (implicit_tls, rest) =
            match (server.strip_prefix("smtps://"), server.strip_prefix("smtp://")) {
                (Some(rest), _) => (true, rest),
                (None, Some(rest)) => (false, rest),
                (None, None) => return Err(bad()),
            };
        let (host, port) = match rest.rsplit_once(':') {
            Some((host, port)) => (host, port.parse().map_err(|_| bad())?),
            None => (rest, if implicit_tls { 465 } else { 587 }),
        };
        let letter = |b: u8| b.is_ascii_alphanumeric() || b == b'-' || b == b'.';
        if host.is_empty() || !host.bytes().all(letter) || port == 0 {
            return Err(bad());
        }
        let need = |key: &'static str| {
            layers.optional(key).map(str::to_owned).ok_or_else(|| {
                ConfigError(format!("`smtp.server` is set, so `{key}` must be set."))
            })
        };
        let login = match layers.optional("smtp.user") {
            Some(user) => Some((user.to_owned(), need("smtp.password")?)),
            None => None,
        };
        let from = need("smtp.from")?
            .parse()
            .map_err(|_| layers.bad("smtp.from", "an address like portal@example.com"))?;
        let first_wait = super::seconds(layers, "smtp.retry-seconds")?;
        let host = host.to_owned();
        Ok(Some(Self { host, port, implicit_tls, login, from, first_wait }))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
    use super::*;

    fn read(pairs: &[(&str, &str)]) -> Result<Option<Smtp>, String> {
        Smtp::parse(&Layers::from_pairs(pairs)).map_err(|error| error.to_string())
    }

    #[test]
    fn a_mail_server_is_over_tls_or_on_this_machine() {
        assert!(read(&[]).unwrap().is_none());
        let from = ("smtp.from", "portal@example.com");
        let at = |server| read(&[("smtp.server", server), from]).unwrap().unwrap();
        let far = at("smtps://mail.example.com");
        assert!(far.implicit_tls && far.port == 465 && !far.is_local());
        let raised = at("smtp://mail.example.com");
        assert!(!raised.implicit_tls && raised.port == 587 && !raised.is_local());
        assert!(at("smtp://127.0.0.1:2525").is_local() && at("smtp://localhost:25").is_local());
        assert!(!at("smtp://localhost.example.com").is_local());
    }

    #[test]
    fn what_is_wrong_is_named_in_one_sentence() {
        let from = ("smtp.from", "portal@example.com");
        for (pairs, key) in [
            (vec![("smtp.server", "mail.example.com"), from], "smtp.server"),
            (vec![("smtp.server", "smtp://a@b.example"), from], "smtp.server"),
            (vec![("smtp.server", "smtp://mail.example.com:0"), from], "smtp.server"),
            (vec![("smtp.server", "smtp://mail.example.com/x"), from], "smtp.server"),
            (vec![("smtp.server", "smtps://mail.example.com")], "smtp.from"),
            (vec![("smtp.server", "smtps://m.example"), ("smtp.from", "portal")], "smtp.from"),
            (vec![("smtp.server", "smtps://m.example"), from, ("smtp.user", "u")], "smtp.password"),
        ] {
            let sentence = read(&pairs).err().unwrap();
            assert!(sentence.contains(key) && !sentence.contains('\n'), "{sentence}");
        }
    }
}
