//! `underseal-demo`: fills an empty portal with a demonstration firm.

use std::fs::OpenOptions;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Parser;
use cli::demo::host::{Device, HttpWire};
use cli::demo::{Seeded, block_on, seed, tell};
use cli::refusal::Refusal;
use shared::client::{ClientError, Portal};
use shared::problem::Code;

/// Founds a believable firm in an empty portal, through the same core that browsers run, and says
/// how to sign in. Never point it at a portal that is to be used: everybody's passphrase is printed.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    /// The portal's address.
    #[arg(long, value_name = "URL", default_value = "http://localhost:8080")]
    server: String,
    /// The set-up code that the server printed, where it asks for one.
    #[arg(long, value_name = "CODE")]
    setup_code: Option<String>,
    /// Also writes what is printed into this file, readable by its owner alone.
    #[arg(long, value_name = "FILE")]
    data: Option<PathBuf>,
}

fn run(arguments: &Arguments) -> Result<(), Refusal> {
    let wire = || HttpWire::new(&arguments.server);
    let founder = Portal::new(Device::new(wire()));
    let unreachable =
        || Refusal::cannot(format!("The portal at {} cannot be reached.", arguments.server));
    if block_on(founder.status()).map_err(|_| unreachable())?.founded {
        // A second start of the demonstration finds the first one's firm, and leaves it alone.
        writeln!(io::stderr(), "A firm lives here already; nothing was changed.")?;
        return Ok(());
    }
    let say = |what: &str| {
        let _ = writeln!(io::stderr(), "  {what}");
    };
    let seeded = block_on(seed(&founder, arguments.setup_code.clone(), wire, say));
    let seeded = seeded.map_err(|stopped| match stopped.error {
        ClientError::Unreachable => unreachable(),
        ClientError::Refused(Code::SetupCode) => Refusal::cannot(
            "The portal asks for the set-up code that it printed: --setup-code CODE.",
        ),
        error => {
            Refusal::cannot(format!("The demonstration stopped at \"{}\": {error}.", stopped.at))
        }
    })?;
    tell(&seeded, &arguments.server, &mut io::stdout().lock())?;
    arguments.data.as_deref().map_or(Ok(()), |file| keep(file, &seeded, &arguments.server))
}

fn keep(file: &Path, seeded: &Seeded, server: &str) -> Result<(), Refusal> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    Ok(tell(seeded, server, &mut options.open(file)?)?)
}

fn main() -> ExitCode {
    match run(&Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(refusal) => {
            let _ = writeln!(io::stderr(), "{refusal}");
            ExitCode::from(refusal.code())
        }
    }
}
