//! The configuration: flags, then environment, then a TOML file, then what is built in. Every
//! value knows where it came from, so that a wrong one can be named in one sentence.

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

mod layers;
mod smtp;

pub use layers::{Layers, SETTINGS, Setting, Source, refuse_unknown, ways};

pub use smtp::Smtp;

use crate::blob::s3::S3;
use crate::http::log::is_filter;
use crate::http::security_txt::is_contact;

/// One sentence about a value that cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct ConfigError(pub String);

/// Where the rows are.
#[derive(Clone)]
pub enum DatabaseConfig {
    /// In a file of the data folder.
    Sqlite,
    /// On a PostgreSQL server.
    Postgres(String),
}

/// Where the sealed bytes are.
#[derive(Clone)]
pub enum BlobConfig {
    /// In a folder.
    Folder(PathBuf),
    /// In a bucket.
    S3(S3),
}

/// How log lines look.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    /// For people at a terminal.
    Text,
    /// One JSON object a line.
    Json,
}

/// Everything the server needs to know before it starts.
#[derive(Clone)]
pub struct Config {
    /// Where to listen.
    pub listen: SocketAddr,
    /// The address that browsers use.
    pub public_url: PublicUrl,
    /// Whether somebody set it, or it was worked out.
    pub public_url_set: bool,
    /// The folder for everything that is not elsewhere.
    pub data: PathBuf,
    /// Where the rows are.
    pub database: DatabaseConfig,
    /// Where the sealed bytes are.
    pub blobs: BlobConfig,
    /// The built frontend, when it is not inside the binary.
    pub site: PathBuf,
    /// What the operator publishes under `/.well-known/`: the signed release, WEBCAT's files.
    pub well_known: Option<PathBuf>,
    /// How log lines look.
    pub log_format: LogFormat,
    /// Which log lines there are.
    pub log_filter: String,
    /// Most connections at once.
    pub max_connections: usize,
    /// How long a stop waits for requests under way.
    pub drain: Duration,
    /// How long the body of a request may take.
    pub body_deadline: Duration,
    /// A session ends when nothing happened for this long.
    pub session_idle: Duration,
    /// A session ends after this long in any case.
    pub session_limit: Duration,
    /// Proxies whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<IpAddr>,
    /// Whom `/.well-known/security.txt` names.
    pub security_contact: Option<String>,
    /// The mail server, where there is one.
    pub smtp: Option<Smtp>,
    /// The code a founder must know; made up at the start when none is set.
    pub setup_code: Option<String>,
}

/// Scheme, host and port that browsers use.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PublicUrl {
    origin: String,
    https: bool,
}

impl PublicUrl {
    /// Reads `https://host[:port]`, with or without a closing slash.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let origin = text.strip_suffix('/').unwrap_or(text);
        let https = origin.starts_with("https://");
        let host = origin.strip_prefix("https://").or_else(|| origin.strip_prefix("http://"))?;
        let authority: axum::http::uri::Authority = host.parse().ok()?;
        (authority.as_str() == host && !host.contains('@') && !authority.host().is_empty())
            .then(|| Self { origin: origin.to_ascii_lowercase(), https })
    }

    /// As browsers write it into `Origin`.
    #[must_use]
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// Whether browsers come over TLS.
    #[must_use]
    pub const fn is_https(&self) -> bool {
        self.https
    }

    /// Without scheme and port.
    #[must_use]
    pub fn host(&self) -> &str {
        let authority = self.origin.split_once("://").map_or("", |(_, authority)| authority);
        match authority.rsplit_once(':') {
            Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => host,
            _ => authority,
        }
    }

    /// Whether it names the machine itself: `localhost`, or a loopback address.
    #[must_use]
    pub fn is_local(&self) -> bool {
        let host = self.host();
        let address = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
        host == "localhost" || address.is_ok_and(|address| address.is_loopback())
    }
}

impl Config {
    /// Reads every layer into types.
    ///
    /// # Errors
    /// One sentence naming the value that cannot be used and where it came from.
    pub fn parse(layers: &Layers) -> Result<Self, ConfigError> {
        let listen = layers.read("listen", "an address like 127.0.0.1:8080", |t| t.parse().ok())?;
        let data = PathBuf::from(layers.text("data"));
        let config = Self {
            listen,
            public_url: public_url(layers, listen)?,
            public_url_set: layers.optional("public-url").is_some(),
            database: database(layers)?,
            blobs: blobs(layers, &data)?,
            site: PathBuf::from(layers.text("site")),
            well_known: layers.optional("well-known").map(PathBuf::from),
            log_format: layers.read("log.format", "auto, text or json", log_format)?,
            log_filter: layers.read(
                "log.filter",
                "a filter like info or warn,sqlx=error",
                |t| is_filter(t).then(|| t.to_owned()),
            )?,
            max_connections: layers.read(
                "limits.connections",
                "a number from 1 to 100000",
                |t| t.parse().ok().filter(|n| (1..=100_000).contains(n)),
            )?,
            drain: seconds(layers, "limits.drain-seconds")?,
            body_deadline: seconds(layers, "limits.body-seconds")?,
            session_idle: minutes(layers, "session.idle-minutes")?,
            session_limit: minutes(layers, "session.limit-minutes")?,
            trusted_proxies: layers.read("proxies", "a list of IP addresses", addresses)?,
            security_contact: security_contact(layers)?,
            smtp: Smtp::parse(layers)?,
            setup_code: layers.optional("setup-code").map(str::to_owned),
            data,
        };
        if config.session_idle > config.session_limit {
            return Err(ConfigError(
                "`session.idle-minutes` is longer than `session.limit-minutes`.".to_owned(),
            ));
        }
        Ok(config)
    }

    /// Whether the founder is asked for a code that nobody has set. Whoever reaches a loopback
    /// address sits at the machine, unless a proxy stands there for an address that others use.
    #[must_use]
    pub fn makes_up_code(&self) -> bool {
        let reached = !self.listen.ip().is_loopback() || !self.public_url.is_local();
        self.setup_code.is_none() && reached
    }

    /// What holds for a setting that nobody set and whose default depends on others.
    #[must_use]
    pub fn derived(&self, key: &str) -> Option<String> {
        match (key, &self.blobs) {
            ("public-url", _) => Some(self.public_url.origin().to_owned()),
            ("blobs.place", BlobConfig::Folder(folder)) => Some(folder.display().to_string()),
            ("setup-code", _) if self.makes_up_code() => Some("(made up at the start)".to_owned()),
            ("setup-code", _) => Some("(not asked for on this machine)".to_owned()),
            _ => None,
        }
    }
}

fn public_url(layers: &Layers, listen: SocketAddr) -> Result<PublicUrl, ConfigError> {
    let fallback = format!("http://localhost:{}", listen.port());
    let text = layers.optional("public-url").unwrap_or(&fallback);
    let url = PublicUrl::parse(text)
        .ok_or_else(|| layers.bad("public-url", "an address like https://portal.example.com"))?;
    // Browsers give a page on plain http no cryptography, except on the machine itself.
    if !url.is_https() && !url.is_local() {
        return Err(
            layers.bad("public-url", "an https address (plain http works on localhost only)")
        );
    }
    Ok(url)
}

fn database(layers: &Layers) -> Result<DatabaseConfig, ConfigError> {
    match layers.text("database.url") {
        "sqlite" => Ok(DatabaseConfig::Sqlite),
        url if url.starts_with("postgres://") || url.starts_with("postgresql://") => {
            Ok(DatabaseConfig::Postgres(url.to_owned()))
        }
        _ => {
            Err(layers.bad("database.url", "`sqlite` or an address like postgres://user@host/name"))
        }
    }
}

fn blobs(layers: &Layers, data: &std::path::Path) -> Result<BlobConfig, ConfigError> {
    let Some(place) = layers.optional("blobs.place") else {
        return Ok(BlobConfig::Folder(data.join("blobs")));
    };
    let Some(bucket) = place.strip_prefix("s3://") else {
        return Ok(BlobConfig::Folder(PathBuf::from(place)));
    };
    let bucket = bucket.trim_end_matches('/');
    let letter = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || ".-".contains(c);
    if !(3..=63).contains(&bucket.len()) || !bucket.chars().all(letter) {
        return Err(layers.bad("blobs.place", "a folder or a bucket like s3://sealed"));
    }
    let endpoint = layers.optional("blobs.endpoint").map(str::to_owned);
    if endpoint.as_deref().is_some_and(|text| PublicUrl::parse(text).is_none()) {
        return Err(layers.bad("blobs.endpoint", "an address like https://s3.example.com"));
    }
    let need = |key: &'static str| {
        layers.optional(key).map(str::to_owned).ok_or_else(|| {
            ConfigError(format!("`blobs.place` is a bucket, so `{key}` must be set."))
        })
    };
    Ok(BlobConfig::S3(S3 {
        bucket: bucket.to_owned(),
        endpoint,
        region: layers.text("blobs.region").to_owned(),
        access_key: need("blobs.access-key")?,
        secret_key: need("blobs.secret-key")?,
    }))
}

fn security_contact(layers: &Layers) -> Result<Option<String>, ConfigError> {
    match layers.optional("security-contact") {
        Some(text) if !is_contact(text) => Err(layers.bad(
            "security-contact",
            "an address like mailto:security@example.com or https://example.com/report",
        )),
        contact => Ok(contact.map(str::to_owned)),
    }
}

fn log_format(text: &str) -> Option<LogFormat> {
    use std::io::IsTerminal as _;
    match text {
        "text" => Some(LogFormat::Text),
        "json" => Some(LogFormat::Json),
        "auto" if std::io::stdout().is_terminal() => Some(LogFormat::Text),
        "auto" => Some(LogFormat::Json),
        _ => None,
    }
}

fn addresses(text: &str) -> Option<Vec<IpAddr>> {
    text.split(',').map(str::trim).filter(|t| !t.is_empty()).map(|t| t.parse().ok()).collect()
}

fn seconds(layers: &Layers, key: &'static str) -> Result<Duration, ConfigError> {
    layers.read(key, "a number of seconds from 1 to 86400", |t| {
        t.parse().ok().filter(|n| (1..=86_400).contains(n)).map(Duration::from_secs)
    })
}

fn minutes(layers: &Layers, key: &'static str) -> Result<Duration, ConfigError> {
    layers.read(key, "a number of minutes from 1 to 10080", |t| {
        t.parse()
            .ok()
            .filter(|n| (1..=10_080).contains(n))
            .map(|n: u64| Duration::from_secs(n * 60))
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)] // a failed unwrap is a failed test
    use super::*;

    #[test]
    fn a_public_url_is_an_origin_and_nothing_more() {
        assert!(PublicUrl::parse("https://portal.example.com/").unwrap().is_https());
        assert_eq!(
            PublicUrl::parse("http://localhost:8080").unwrap().origin(),
            "http://localhost:8080"
        );
        for bad in ["portal.example.com", "https://", "https://a/b", "https://u@a", "ftp://a", ""] {
            assert!(PublicUrl::parse(bad).is_none(), "{bad}");
        }
    }

    #[test]
    fn only_this_machine_is_local() {
        for local in
            ["http://localhost", "http://LOCALHOST:8080", "https://127.0.0.1:1", "http://[::1]:80"]
        {
            assert!(PublicUrl::parse(local).unwrap().is_local(), "{local}");
        }
        for other in
            ["http://localhost.evil.example", "http://127.evil.example", "http://192.0.2.1:80"]
        {
            assert!(!PublicUrl::parse(other).unwrap().is_local(), "{other}");
            assert!(Config::parse(&Layers::from_pairs(&[("public-url", other)])).is_err());
        }
    }

    #[test]
    fn whoever_comes_through_a_proxy_is_asked_for_the_code() {
        let asks = |pairs: &[(&str, &str)]| {
            Config::parse(&Layers::from_pairs(pairs)).unwrap().makes_up_code()
        };
        assert!(!asks(&[]));
        assert!(!asks(&[("public-url", "http://localhost:8080")]));
        assert!(asks(&[("listen", "0.0.0.0:8080")]));
        assert!(asks(&[("public-url", "https://portal.example.com")]));
    }

    #[test]
    fn plain_http_is_refused_away_from_this_machine() {
        let bad = Layers::from_pairs(&[("public-url", "http://portal.example.com")]);
        let sentence = Config::parse(&bad).err().unwrap().to_string();
        assert!(sentence.contains("https"), "{sentence}");
    }

    #[test]
    fn a_wrong_value_is_named_with_its_source_in_one_sentence() {
        for (key, value) in [
            ("listen", "here"),
            ("limits.connections", "0"),
            ("log.format", "xml"),
            ("log.filter", "info,=,="),
            ("database.url", "mysql://x"),
            ("proxies", "10.0.0.0/8"),
            ("limits.drain-seconds", "0"),
            ("security-contact", "security@example.com"),
        ] {
            let sentence =
                Config::parse(&Layers::from_pairs(&[(key, value)])).err().unwrap().to_string();
            assert!(sentence.contains(key) && sentence.contains("flag"), "{sentence}");
            assert!(!sentence.contains('\n'));
        }
    }

    #[test]
    fn a_bucket_without_keys_is_refused() {
        let layers = Layers::from_pairs(&[("blobs.place", "s3://sealed")]);
        assert!(Config::parse(&layers).err().unwrap().to_string().contains("blobs.access-key"));
    }

    #[test]
    fn a_bucket_is_a_name_at_an_address() {
        for (key, place, endpoint) in [
            ("blobs.place", "s3://", "http://127.0.0.1:1"),
            ("blobs.place", "s3://sealed/below", "http://127.0.0.1:1"),
            ("blobs.place", "s3://Sealed", "http://127.0.0.1:1"),
            ("blobs.endpoint", "s3://sealed", "127.0.0.1:1"),
            ("blobs.endpoint", "s3://sealed", "http://127.0.0.1:1/sealed"),
        ] {
            let layers =
                Layers::from_pairs(&[("blobs.place", place), ("blobs.endpoint", endpoint)]);
            let sentence = Config::parse(&layers).err().unwrap().to_string();
            assert!(sentence.contains(key), "{place} {endpoint}: {sentence}");
        }
    }
}
