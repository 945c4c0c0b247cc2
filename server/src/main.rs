//! The binary `underseal`: reads the command line and hands over to the library.
//!
//! Exit codes: 0 done, 1 failed, 2 wrong use, 3 wrong configuration, 4 something needed is not
//! there.

use std::io::{self, Write as _};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Arg, ArgAction, ArgMatches, Command};
use server::config::{Config, ConfigError, Layers, SETTINGS, refuse_unknown};
use server::db::migrate;
use server::journal::rebuild::Rebuilt;
use server::start::{self, RebuildError, Unavailable};

enum Failure {
    Failed(String),
    Config(ConfigError),
    Unavailable(Unavailable),
}

impl From<ConfigError> for Failure {
    fn from(error: ConfigError) -> Self {
        Self::Config(error)
    }
}
impl From<Unavailable> for Failure {
    fn from(error: Unavailable) -> Self {
        Self::Unavailable(error)
    }
}
impl From<RebuildError> for Failure {
    fn from(error: RebuildError) -> Self {
        match error {
            RebuildError::Unavailable(error) => Self::Unavailable(error),
            RebuildError::Unreadable(error) => Self::Failed(format!("{error}.")),
        }
    }
}
impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::Failed(error.to_string())
    }
}

fn main() -> ExitCode {
    server::folder::keep_to_ourselves();
    let matches = command().get_matches();
    let (sentence, code) = match run(&matches) {
        Ok(()) => return ExitCode::SUCCESS,
        Err(Failure::Failed(sentence)) => (sentence, 1),
        Err(Failure::Config(error)) => (error.to_string(), 3),
        Err(Failure::Unavailable(error)) => (error.to_string(), 4),
    };
    // When even this cannot be written there is nobody to tell.
    let _ = writeln!(io::stderr(), "{sentence}");
    ExitCode::from(code)
}

fn command() -> Command {
    let command = Command::new("underseal")
        .about("A client portal whose server cannot read what it stores")
        .version(env!("CARGO_PKG_VERSION"))
        .subcommand_required(true)
        .subcommand(Command::new("serve").about("Serve the portal"))
        .subcommand(Command::new("migrate").about("Bring the database up to date"))
        .subcommand(
            Command::new("check")
                .about(
                    "Print the effective configuration, or refuse it; folders and a bucket are tried \
                     out",
                )
                .arg(Arg::new("rebuild").long("rebuild").action(ArgAction::SetTrue).help(
                    "Instead, make every table that says what the journal says again of the \
                     journal alone, and tell where one was otherwise",
                )),
        )
        .subcommand(Command::new("version").about("Print the version"))
        .arg(
            Arg::new("config")
                .long("config")
                .global(true)
                .value_name("FILE")
                .env("UNDERSEAL_CONFIG")
                .help("A TOML file of settings"),
        );
    SETTINGS.iter().fold(command, |command, setting| {
        let flag = setting.key.replace('.', "-");
        let arg = Arg::new(setting.key).long(flag).global(true).value_name("VALUE");
        command.arg(arg.help(setting.help_text()))
    })
}

fn run(matches: &ArgMatches) -> Result<(), Failure> {
    let Some((name, inner)) = matches.subcommand() else {
        return Ok(());
    };
    if name == "version" {
        return Ok(writeln!(io::stdout(), "underseal {}", env!("CARGO_PKG_VERSION"))?);
    }
    refuse_unknown(std::env::vars_os().filter_map(|(name, _)| name.into_string().ok()))?;
    let file = inner.get_one::<String>("config").map(PathBuf::from);
    let layers = Layers::gather(
        |key| inner.get_one::<String>(key).cloned(),
        |name| std::env::var(name).ok(),
        file.as_deref(),
    )?;
    let config = Config::parse(&layers)?;
    if name == "check" && inner.get_flag("rebuild") {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        return runtime.block_on(rebuild(&config));
    }
    if name == "check" {
        io::stdout().write_all(layers.shown(|key| config.derived(key)).as_bytes())?;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        return Ok(runtime.block_on(start::check(&config))?);
    }
    server::http::log::start(config.log_format, &config.log_filter)
        .map_err(|_| layers.bad("log.filter", "a filter"))?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        if name == "migrate" {
            let db = start::open_db(&config).await?;
            let ran =
                migrate::run(&db).await.map_err(|error| Failure::Failed(error.to_string()))?;
            db.close().await;
            return Ok(writeln!(io::stdout(), "{ran} schema changes ran.")?);
        }
        Ok(start::serve(config).await?)
    })
}

/// Ends well where the tables were what the journal makes of them.
async fn rebuild(config: &Config) -> Result<(), Failure> {
    let Rebuilt { statements, differences } = start::rebuild(config).await?;
    let mut out = io::stdout().lock();
    for difference in &differences {
        writeln!(out, "{difference}")?;
    }
    if differences.is_empty() {
        let sentence = "The tables say what the journal says";
        return Ok(writeln!(out, "{sentence}: {statements} statements.")?);
    }
    Err(Failure::Failed(format!(
        "The tables did not say what the journal says. They were made again of its {statements} \
         statements."
    )))
}
