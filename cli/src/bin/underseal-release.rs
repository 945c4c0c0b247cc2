//! `underseal-release`: the maker's side of a release. `cargo xtask release` calls it.

use std::io::{self, Write as _};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use cli::refusal::Refusal;
use cli::release::{self, Origin};
use shared::encoding::to_hex;

/// Signs the list of a built site's files.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Makes a release key and prints its public half.
    Key {
        /// The new file.
        file: PathBuf,
    },
    /// Lists and signs the files of a site.
    Sign {
        /// The built site.
        #[arg(long)]
        site: PathBuf,
        /// The release key's file.
        #[arg(long)]
        key: PathBuf,
        /// The folder to write into.
        #[arg(long)]
        out: PathBuf,
        /// The product's version.
        #[arg(long)]
        version: String,
        /// The commit.
        #[arg(long)]
        source: String,
        /// The commit's time in seconds.
        #[arg(long)]
        time: u64,
        /// The tools, in one line.
        #[arg(long)]
        toolchain: String,
        /// Where the sources are published, for WEBCAT.
        #[arg(long, default_value = "underseal")]
        app: String,
    },
}

fn run(command: Command) -> Result<(), Refusal> {
    let public = match command {
        Command::Key { file } => release::new_key(&file)?,
        Command::Sign { site, key, out, version, source, time, toolchain, app } => {
            let key = release::read_key(&key)?;
            let list = release::list(&site, Origin { version, source, toolchain, time })?;
            release::write(&list, &key, &app, &out)?;
            key.public()
        }
    };
    Ok(writeln!(io::stdout(), "{}", to_hex(&public.0))?)
}

fn main() -> ExitCode {
    match run(Arguments::parse().command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(refusal) => {
            let _ = writeln!(io::stderr(), "{refusal}");
            ExitCode::from(refusal.code())
        }
    }
}
