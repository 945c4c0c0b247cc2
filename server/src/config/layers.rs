//! The layers that a value can come from, and the table of all settings.

use core::fmt;
use std::collections::BTreeMap;
use std::path::Path;

use super::ConfigError;

/// One setting: `database.url` is the flag `--database-url`, the environment variable
/// `UNDERSEAL_DATABASE_URL` and the key `url` under `[database]` in the file.
pub struct Setting {
    /// Its name.
    pub key: &'static str,
    /// What holds when nobody says otherwise.
    pub default: Option<&'static str>,
    /// Whether it is masked when shown; its environment variable has a companion `…_FILE`.
    pub secret: bool,
    /// One line for the help text.
    pub help: &'static str,
}

const fn plain(key: &'static str, default: Option<&'static str>, help: &'static str) -> Setting {
    Setting { key, default, secret: false, help }
}

const fn secret(key: &'static str, default: Option<&'static str>, help: &'static str) -> Setting {
    Setting { key, default, secret: true, help }
}

/// Every setting.
pub const SETTINGS: &[Setting] = &[
    plain("listen", Some("127.0.0.1:8080"), "Address and port to listen on"),
    plain("public-url", None, "The address that browsers use [default: http://localhost:PORT]"),
    plain("data", Some("data"), "Folder for the database and the sealed parts"),
    secret("database.url", Some("sqlite"), "`sqlite`, or postgres://user:password@host/name"),
    plain("blobs.place", None, "Folder for sealed parts, or s3://BUCKET [default: DATA/blobs]"),
    plain("blobs.endpoint", None, "Address of an S3-compatible engine"),
    plain("blobs.region", Some("us-east-1"), "Region of the bucket"),
    plain("blobs.access-key", None, "Access key id of the bucket"),
    secret("blobs.secret-key", None, "Secret access key of the bucket"),
    plain("site", Some("target/site"), "Folder of the built frontend, when not inside the binary"),
    plain("well-known", None, "Folder with the signed release and other files for /.well-known/"),
    plain("log.format", Some("auto"), "auto, text or json"),
    plain("log.filter", Some("info"), "Which log lines, as in tracing's filter syntax"),
    plain("limits.connections", Some("1024"), "Most connections at once"),
    plain("limits.drain-seconds", Some("30"), "How long a stop waits for requests under way"),
    plain("limits.body-seconds", Some("120"), "How long the body of one request may take"),
    plain("session.idle-minutes", Some("60"), "No session lasts longer without a request"),
    plain("session.limit-minutes", Some("1440"), "No session lasts longer in any case"),
    plain("proxies", Some(""), "IP addresses of proxies whose X-Forwarded-For is believed"),
    plain("security-contact", None, "Whom to tell of a weakness: mailto:… or https://…"),
    plain("smtp.server", None, "Mail server for codes: smtps://HOST[:PORT] or smtp://HOST[:PORT]"),
    plain("smtp.user", None, "Name at the mail server"),
    secret("smtp.password", None, "Password at the mail server"),
    plain("smtp.from", None, "The address that mails come from"),
    plain("smtp.retry-seconds", Some("60"), "First wait before a mail is tried again"),
    secret("setup-code", None, "The code that founding asks for [default: made up at the start]"),
];

/// Where a value came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// A flag.
    Flag,
    /// An environment variable.
    Env(String),
    /// The configuration file.
    File,
    /// Built in.
    Default,
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Flag => f.write_str("flag"),
            Self::Env(name) => write!(f, "environment {name}"),
            Self::File => f.write_str("file"),
            Self::Default => f.write_str("default"),
        }
    }
}

/// Every value that is set, with its source.
pub struct Layers(BTreeMap<&'static str, (String, Source)>);

impl Layers {
    /// Lays flags over environment over file over what is built in.
    ///
    /// # Errors
    /// When the file cannot be read, is not TOML, or holds a key that is no setting.
    pub fn gather(
        flags: impl Fn(&str) -> Option<String>,
        env: impl Fn(&str) -> Option<String>,
        file: Option<&Path>,
    ) -> Result<Self, ConfigError> {
        let from_file = file.map(read_file).transpose()?.unwrap_or_default();
        let mut values = BTreeMap::new();
        for setting in SETTINGS {
            let name = env_name(setting.key);
            let found = if let Some(value) = flags(setting.key) {
                Some((value, Source::Flag))
            } else if let Some(value) = env(&name) {
                Some((value, Source::Env(name)))
            } else if let Some(path) = secret_path(setting, &env, &name) {
                Some((read_secret(&path)?, Source::Env(format!("{name}_FILE"))))
            } else if let Some(value) = from_file.get(setting.key) {
                Some((value.clone(), Source::File))
            } else {
                setting.default.map(|value| (value.to_owned(), Source::Default))
            };
            if let Some(found) = found {
                values.insert(setting.key, found);
            }
        }
        Ok(Self(values))
    }

    /// The defaults with some values laid over them, as flags would.
    #[must_use]
    pub fn from_pairs(pairs: &[(&str, &str)]) -> Self {
        let flag = |key: &str| pairs.iter().find(|(k, _)| *k == key).map(|(_, v)| (*v).to_owned());
        // Without a file nothing can fail.
        Self::gather(flag, |_| None, None).unwrap_or_else(|_| Self(BTreeMap::new()))
    }

    /// A value that has a default.
    #[must_use]
    pub fn text(&self, key: &str) -> &str {
        self.optional(key).unwrap_or_default()
    }

    /// A value that may be missing.
    #[must_use]
    pub fn optional(&self, key: &str) -> Option<&str> {
        self.0.get(key).map(|(value, _)| value.as_str())
    }

    /// A value read into a type, or one sentence.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn read<T>(
        &self,
        key: &'static str,
        wanted: &str,
        parse: impl Fn(&str) -> Option<T>,
    ) -> Result<T, ConfigError> {
        parse(self.text(key)).ok_or_else(|| self.bad(key, wanted))
    }

    /// The sentence about a value that cannot be used. It never repeats the value.
    #[must_use]
    pub fn bad(&self, key: &str, wanted: &str) -> ConfigError {
        let source = self.0.get(key).map_or(&Source::Default, |(_, source)| source);
        ConfigError(format!("The value of `{key}` (from {source}) is not {wanted}."))
    }

    /// All values, one a line, with their sources and secrets masked; `derived` knows what holds
    /// where nothing is set.
    #[must_use]
    pub fn shown(&self, derived: impl Fn(&str) -> Option<String>) -> String {
        let mut text = String::new();
        for setting in SETTINGS {
            let line = match self.0.get(setting.key) {
                None => match derived(setting.key) {
                    Some(value) => format!("{:<22} {value}  [{}]\n", setting.key, Source::Default),
                    None => format!("{:<22} (unset)\n", setting.key),
                },
                Some((value, source)) => {
                    let masked = setting.secret && *source != Source::Default;
                    let value = if masked { "********" } else { value.as_str() };
                    format!("{:<22} {value}  [{source}]\n", setting.key)
                }
            };
            text.push_str(&line);
        }
        text
    }
}

/// Refuses names of environment variables that look like ours and are no setting, as an unknown key
/// of the file is refused: what somebody meant to set would not hold.
///
/// # Errors
/// One sentence with the first of them.
pub fn refuse_unknown(names: impl Iterator<Item = String>) -> Result<(), ConfigError> {
    let known = |name: &str| {
        name == CONFIG_FILE
            || SETTINGS.iter().any(|setting| {
                let ours = env_name(setting.key);
                name == ours || setting.secret && name.strip_suffix("_FILE") == Some(ours.as_str())
            })
    };
    match names.filter(|name| name.starts_with("UNDERSEAL_")).find(|name| !known(name)) {
        Some(unknown) => {
            Err(ConfigError(format!("The environment sets `{unknown}`, which is no setting.")))
        }
        None => Ok(()),
    }
}

/// The environment variable that names the file.
const CONFIG_FILE: &str = "UNDERSEAL_CONFIG";

/// How a setting is set, for a sentence: its flag and its environment variable.
#[must_use]
pub fn ways(key: &str) -> String {
    format!("{} or {}", flag_name(key), env_name(key))
}

/// The flag of a setting.
fn flag_name(key: &str) -> String {
    format!("--{}", key.replace('.', "-"))
}

impl Setting {
    /// The line of the help text: what it is, what holds otherwise, and its environment variables.
    #[must_use]
    pub fn help_text(&self) -> String {
        let name = env_name(self.key);
        let file = if self.secret { format!(", or a file by {name}_FILE") } else { String::new() };
        let default = match self.default {
            Some(default) if !default.is_empty() => format!(" [default: {default}]"),
            _ => String::new(),
        };
        format!("{}{default} [env: {name}{file}]", self.help)
    }
}

fn env_name(key: &str) -> String {
    format!("UNDERSEAL_{}", key.replace(['.', '-'], "_").to_ascii_uppercase())
}

fn secret_path(
    setting: &Setting,
    env: impl Fn(&str) -> Option<String>,
    name: &str,
) -> Option<String> {
    setting.secret.then(|| env(&format!("{name}_FILE"))).flatten()
}

fn read_secret(path: &str) -> Result<String, ConfigError> {
    std::fs::read_to_string(path)
        .map(|text| text.trim_end().to_owned())
        .map_err(|error| ConfigError(format!("The secret file {path} cannot be read: {error}.")))
}

fn read_file(path: &Path) -> Result<BTreeMap<String, String>, ConfigError> {
    let shown = path.display();
    let text = std::fs::read_to_string(path)
        .map_err(|error| ConfigError(format!("The file {shown} cannot be read: {error}.")))?;
    let table: toml::Table = text.parse().map_err(|error: toml::de::Error| {
        ConfigError(format!("The file {shown} is not TOML: {}.", error.message()))
    })?;
    let mut values = BTreeMap::new();
    for (key, value) in table {
        match value {
            toml::Value::Table(section) => {
                for (inner, value) in section {
                    values.insert(format!("{key}.{inner}"), plain_text(&value));
                }
            }
            value => {
                values.insert(key, plain_text(&value));
            }
        }
    }
    match values.keys().find(|key| !SETTINGS.iter().any(|s| s.key == key.as_str())) {
        Some(unknown) => {
            Err(ConfigError(format!("The file {shown} sets `{unknown}`, which is no setting.")))
        }
        None => Ok(values),
    }
}

fn plain_text(value: &toml::Value) -> String {
    match value {
        toml::Value::String(text) => text.clone(),
        toml::Value::Array(items) => items.iter().map(plain_text).collect::<Vec<_>>().join(","),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)] // a failed unwrap is a failed test
    use super::super::Config;
    use super::*;

    #[test]
    fn flags_win_over_environment_over_file_over_default() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("underseal.toml");
        std::fs::write(&path, "data = 'f'\nsite = 'f'\nlisten = 'f'\n[log]\nformat = 'f'\n")
            .unwrap();
        let layers = Layers::gather(
            |key| (key == "data").then(|| "flag".to_owned()),
            |name| ["UNDERSEAL_DATA", "UNDERSEAL_SITE"].contains(&name).then(|| "env".to_owned()),
            Some(&path),
        )
        .unwrap();
        assert_eq!(layers.text("data"), "flag");
        assert_eq!(layers.text("site"), "env");
        assert_eq!(layers.text("log.format"), "f");
        assert_eq!(layers.text("log.filter"), "info");
        assert!(layers.shown(|_| None).contains("[environment UNDERSEAL_SITE]"));
    }

    #[test]
    fn an_unknown_key_in_the_file_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("underseal.toml");
        std::fs::write(&path, "[database]\nurI = 'x'\n").unwrap();
        let error = Layers::gather(|_| None, |_| None, Some(&path)).err().unwrap();
        assert!(error.to_string().contains("`database.urI`"), "{error}");
    }

    #[test]
    fn a_secret_is_masked_and_can_come_from_a_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("url");
        std::fs::write(&path, "postgres://u:hunter2@h/d\n").unwrap();
        let layers = Layers::gather(
            |_| None,
            |name| {
                (name == "UNDERSEAL_DATABASE_URL_FILE").then(|| path.to_str().unwrap().to_owned())
            },
            None,
        )
        .unwrap();
        assert_eq!(layers.text("database.url"), "postgres://u:hunter2@h/d");
        assert!(!layers.shown(|_| None).contains("hunter2"));
    }

    #[test]
    fn a_variable_of_ours_that_is_no_setting_is_refused() {
        let ask = |name: &str| refuse_unknown(std::iter::once(name.to_owned()));
        for good in ["UNDERSEAL_DATA", "UNDERSEAL_SETUP_CODE_FILE", "UNDERSEAL_CONFIG", "HOME"] {
            assert!(ask(good).is_ok(), "{good}");
        }
        for bad in ["UNDERSEAL_DATAA", "UNDERSEAL_DATA_FILE", "UNDERSEAL_CONFIG_FILE"] {
            assert!(ask(bad).err().unwrap().to_string().contains(bad), "{bad}");
        }
    }

    /// A fence of the page for operators that begins with this.
    fn example(first: &str) -> &'static str {
        let page = include_str!("../../../docs/OPERATING.md");
        let fence = page.split("```toml\n").find(|fence| fence.starts_with(first)).unwrap();
        fence.split_once("```").unwrap().0
    }

    #[test]
    fn the_page_for_operators_has_every_setting_and_its_examples_hold() {
        let page = include_str!("../../../docs/OPERATING.md");
        for setting in SETTINGS {
            let name = setting.key.replace(['.', '-'], "_").to_ascii_uppercase();
            let row = format!("| `{}` | `UNDERSEAL_{name}` | ", setting.key);
            assert!(page.contains(&row), "{row}");
        }
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("underseal.toml");
        for first in ["# /etc/underseal.toml", "[database]", "[blobs]"] {
            std::fs::write(&path, example(first)).unwrap();
            let secret = |key: &str| (key == "blobs.secret-key").then(|| "s".to_owned());
            let layers = Layers::gather(secret, |_| None, Some(&path)).unwrap();
            if let Err(error) = Config::parse(&layers) {
                panic!("{first}: {error}");
            }
        }
    }
}
