//! Asking a site as a browser would: over TLS where its address says so, following nothing.

use std::time::Duration;

use ureq::http::HeaderMap;

use crate::refusal::Refusal;

/// The form in which a file is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Coding {
    /// As it is.
    Plain,
    /// Compressed by brotli.
    Brotli,
    /// Compressed by gzip.
    Gzip,
}

impl Coding {
    /// Every form.
    pub const ALL: [Self; 3] = [Self::Plain, Self::Brotli, Self::Gzip];

    /// Its name in headers.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Plain => "identity",
            Self::Brotli => "br",
            Self::Gzip => "gzip",
        }
    }

    /// What the name of a file's form ends in.
    #[must_use]
    pub const fn ending(self) -> &'static str {
        match self {
            Self::Plain => "",
            Self::Brotli => ".br",
            Self::Gzip => ".gz",
        }
    }
}

/// What a site answers.
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// The body, cut off where it is longer than was asked for.
    pub body: Vec<u8>,
}

impl Answer {
    /// A header that stands once; nothing where it is missing, or stands twice.
    #[must_use]
    pub fn header(&self, name: &str) -> &str {
        let mut values = self.headers.get_all(name).iter();
        match (values.next(), values.next()) {
            (Some(value), None) => value.to_str().unwrap_or_default(),
            _ => "",
        }
    }
}

/// A way to ask a site.
pub trait Fetch {
    /// Asks for an address.
    ///
    /// # Errors
    /// When nothing answers.
    fn get(&self, address: &str, coding: Coding, most: u64) -> Result<Answer, Refusal>;
}

/// Over HTTP. Certificates are checked against Mozilla's roots; keys and ciphers are ring's.
pub struct Http {
    agent: ureq::Agent,
    origin: String,
}

impl Http {
    /// A site at an address: `https://portal.example.com`, or http on this machine.
    ///
    /// # Errors
    /// For any other address.
    pub fn new(site: &str) -> Result<Self, Refusal> {
        let origin = site.trim_end_matches('/').to_owned();
        let host = origin.split_once("://").map_or("", |(_, host)| host);
        let local = ["localhost", "127.0.0.1", "[::1]"].iter().any(|name| {
            host.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with(':'))
        });
        let scheme = origin.starts_with("https://") || (origin.starts_with("http://") && local);
        if !scheme || host.is_empty() || host.contains(['/', '@', '?', '#']) {
            return Err(Refusal::cannot(
                "The site is named by its address alone, like https://portal.example.com.",
            ));
        }
        let config = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            // Says no more of itself than a browser does.
            .user_agent("Mozilla/5.0")
            .timeout_global(Some(Duration::from_secs(120)))
            .build();
        Ok(Self { agent: config.into(), origin })
    }
}

impl Fetch for Http {
    fn get(&self, address: &str, coding: Coding, most: u64) -> Result<Answer, Refusal> {
        let asked = self
            .agent
            .get(format!("{}{address}", self.origin))
            .header("accept-encoding", coding.name())
            .header("accept", "*/*")
            .call();
        let mut response = asked.map_err(|error| {
            Refusal::cannot(format!("{}{address} cannot be reached: {error}.", self.origin))
        })?;
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let mut body = Vec::new();
        let reader = response.body_mut().as_reader();
        std::io::Read::read_to_end(&mut std::io::Read::take(reader, most), &mut body)?;
        Ok(Answer { status, headers, body })
    }
}
