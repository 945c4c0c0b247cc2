//! `underseal-demo`: fills an empty portal with a demonstration firm.

use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Parser;
use cli::demo::host::{Device, HttpWire};
use cli::demo::{block_on, seed, tell, told_again};
use cli::private;
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
    /// Opens so many further matters for the founder, with nothing in them.
    #[arg(long, value_name = "COUNT", default_value_t = 0)]
    more_matters: usize,
    /// Also lets this colleague, by sign-in name, into each of the further matters.
    #[arg(long, value_name = "NAME")]
    shared_with: Option<String>,
    /// Also writes what is printed into this file, readable by its owner alone, and prints it again
    /// when the demonstration lives in the portal already.
    #[arg(long, value_name = "FILE")]
    keep: Option<PathBuf>,
}

fn run(arguments: &Arguments) -> Result<(), Refusal> {
    let wire = || HttpWire::new(&arguments.server);
    let founder = Portal::new(Device::new(wire()));
    let unreachable =
        || Refusal::cannot(format!("The portal at {} cannot be reached.", arguments.server));
    let status = block_on(founder.status()).map_err(|_| unreachable())?;
    if status.founded {
        // A second start of the demonstration finds the first one's firm, and leaves it alone.
        let text = arguments.keep.as_deref().and_then(|file| std::fs::read_to_string(file).ok());
        let told = text.and_then(|text| told_again(&text, &status.log_key, &arguments.server));
        let told = told.ok_or_else(|| {
            Refusal::cannot(
                "A firm lives here already, and it is not this demonstration's; nothing was \
                 changed. Give the demonstration a portal with an empty data folder.",
            )
        })?;
        return Ok(io::stdout().write_all(told.as_bytes())?);
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
    let more = block_on(seed::more_matters(
        &founder,
        &seeded.founder,
        arguments.more_matters,
        arguments.shared_with.as_deref(),
    ));
    more.map_err(|error| {
        Refusal::cannot(format!("The demonstration stopped at further matters: {error}."))
    })?;
    let mut text = Vec::new();
    tell(&seeded, &status.log_key, &arguments.server, &mut text)?;
    io::stdout().write_all(&text)?;
    arguments.keep.as_deref().map_or(Ok(()), |file| keep(file, &text))
}

/// What an earlier portal left in the file is about a firm that is no more.
fn keep(file: &Path, text: &[u8]) -> Result<(), Refusal> {
    match std::fs::remove_file(file) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error.into()),
        _ => {}
    }
    Ok(private::new_file(file)?.write_all(text)?)
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
