//! `underseal-open`: opens and verifies an export, and holds a live site to its release.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use cli::commands::{self, Ask};
use cli::demo::host::HttpWire;
use cli::receipt;
use cli::refusal::Refusal;
use cli::site::fetch::Http;
use cli::site::memory::Memory;
use cli::site::officer::Officer;
use cli::site::{self, Question};
use shared::crypto::keys::VerifyKey;
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
    /// Compares every file that a portal serves with a signed release, byte by byte.
    VerifySite {
        #[command(flatten)]
        which: WhichSite,
        /// The release's file; the one that the site itself shows otherwise.
        #[arg(long, value_name = "FILE")]
        release: Option<PathBuf>,
        #[command(flatten)]
        member: Member,
    },
    /// Writes into the firm's journal that the firm accepts a release, after comparing the site with it.
    AcceptRelease {
        #[command(flatten)]
        which: WhichSite,
        /// The release's file.
        #[arg(long, value_name = "FILE")]
        release: PathBuf,
        #[command(flatten)]
        member: Member,
    },
}

#[derive(clap::Args)]
struct WhichSite {
    /// The portal's address.
    #[arg(value_name = "URL")]
    site: String,
    /// The maker's release key, 64 hex digits.
    #[arg(long, value_name = "KEY", value_parser = site::parse_key)]
    key: VerifyKey,
}

impl WhichSite {
    fn question(&self, release: Option<PathBuf>) -> Question<'_> {
        Question { site: &self.site, key: self.key, release }
    }
}

#[derive(clap::Args)]
struct Member {
    /// Signs in under this name by the recovery words, to ask the firm's journal.
    #[arg(long = "as", value_name = "NAME")]
    name: Option<String>,
    /// Reads the recovery words from the first line of a file instead of asking for them.
    #[arg(long, value_name = "FILE", requires = "name")]
    words_file: Option<PathBuf>,
    /// Where this program remembers the journal between two runs; otherwise beside the file with the words,
    /// or, where they are typed, in the folder .underseal of your home.
    #[arg(long, value_name = "FILE", requires = "name")]
    memory: Option<PathBuf>,
}

impl Member {
    fn sign_in(
        &self,
        name: &str,
        site: &str,
        out: &mut impl std::io::Write,
    ) -> Result<Officer<HttpWire>, Refusal> {
        let path = match &self.memory {
            Some(path) => path.clone(),
            None => Memory::beside(self.words_file.as_deref(), site, name)?,
        };
        // Asked for first: nobody else waits while somebody types.
        let words = typed(self.words_file.as_deref(), "Recovery words: ")?;
        let memory = Memory::open(&path, out)?;
        Officer::sign_in(HttpWire::new(site), name, &words, memory, out)
    }
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
        typed(self.passphrase_file.as_deref(), "Passphrase of the export: ")
    }
}

/// A secret from the first line of a file, or typed without an echo.
fn typed(file: Option<&Path>, prompt: &str) -> Result<Secret<String>, Refusal> {
    let Some(file) = file else {
        return rpassword::prompt_password(prompt).map(Secret::new).map_err(|_| {
            Refusal::cannot("Nothing can be typed at this terminal; name a file instead.")
        });
    };
    let text = std::fs::read_to_string(file)
        .map(Secret::new)
        .map_err(|_| Refusal::cannot("The file with the secret cannot be read."))?;
    // EXPOSE: the first line is the secret, without the line's end.
    let line = text.expose().split(['\r', '\n']).next().unwrap_or_default();
    Ok(Secret::new(line.to_owned()))
}

fn run(command: &Command, out: &mut impl std::io::Write) -> Result<(), Refusal> {
    match command {
        Command::List(which) => commands::list(&which.ask()?, out),
        Command::Verify(which) => match receipt::read(&which.export)? {
            Some(text) => receipt::verify(&text, out),
            None => commands::verify(&which.ask()?, out),
        },
        Command::Extract { which, out: folder } => commands::extract(&which.ask()?, folder, out),
        Command::VerifySite { which, release, member } => {
            let http = Http::new(&which.site)?;
            let read = site::verify(&which.question(release.clone()), &http, out)?;
            match &member.name {
                Some(name) => member.sign_in(name, &which.site, out)?.accepted(&read, out),
                None => Ok(()),
            }
        }
        Command::AcceptRelease { which, release, member } => {
            let name = member.name.as_deref();
            let name =
                name.ok_or_else(|| Refusal::cannot("Who accepts it? Name yourself with --as."))?;
            let http = Http::new(&which.site)?;
            site::verify(&which.question(Some(release.clone())), &http, out)?;
            let (_, bytes) = site::read_file(release, &which.key)?;
            member.sign_in(name, &which.site, out)?.accept(&bytes, &which.key, out)
        }
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
