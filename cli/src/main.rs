//! `underseal-open`: opens and verifies an export.

use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use cli::commands::{self, Ask};
use cli::receipt;
use cli::refusal::Refusal;
use shared::secret::Secret;

/// Opens the export of a matter, and says whether it is whole and genuine.
///
/// Ends with 0 when everything verified, 1 when something does not, 2 when it could not be tried.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Shows what is in the export.
    List(Which),
    /// Checks every statement, signature, manifest and byte of an export; or a client's receipt.
    Verify(Which),
    /// Checks everything, and writes the opened documents and answers into a folder.
    Extract {
        #[command(flatten)]
        which: Which,
        /// The folder to write into; it must be new or empty.
        #[arg(long, value_name = "DIR")]
        out: PathBuf,
    },
}

#[derive(clap::Args)]
struct Which {
    /// The zip file; to verify, also the text of a receipt.
    #[arg(value_name = "EXPORT.zip")]
    export: PathBuf,
    /// Reads the passphrase from the first line of a file instead of asking for it.
    #[arg(long, value_name = "FILE")]
    passphrase_file: Option<PathBuf>,
}

impl Which {
    fn ask(&self) -> Result<Ask<'_>, Refusal> {
        Ok(Ask { export: &self.export, passphrase: self.passphrase()? })
    }

    fn passphrase(&self) -> Result<Secret<String>, Refusal> {
        let Some(file) = &self.passphrase_file else {
            return rpassword::prompt_password("Passphrase of the export: ")
                .map(Secret::new)
                .map_err(|_| {
                    Refusal::cannot(
                        "The passphrase cannot be read from the terminal; try --passphrase-file.",
                    )
                });
        };
        let text = std::fs::read_to_string(file)
            .map(Secret::new)
            .map_err(|_| Refusal::cannot("The passphrase file cannot be read."))?;
        // EXPOSE: the first line is the passphrase, without the line's end.
        let line = text.expose().split(['\r', '\n']).next().unwrap_or_default();
        Ok(Secret::new(line.to_owned()))
    }
}

fn run(command: &Command, out: &mut impl std::io::Write) -> Result<(), Refusal> {
    match command {
        Command::List(which) => commands::list(&which.ask()?, out),
        Command::Verify(which) => match receipt::read(&which.export)? {
            Some(text) => receipt::verify(&text, out),
            None => commands::verify(&which.ask()?, out),
        },
        Command::Extract { which, out: folder } => commands::extract(&which.ask()?, folder, out),
    }
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match run(&arguments.command, &mut std::io::stdout().lock()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(refusal) => {
            let _ = writeln!(std::io::stderr(), "{refusal}");
            ExitCode::from(refusal.code())
        }
    }
}
