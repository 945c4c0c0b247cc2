//! What `underseal-open` does: list, verify, extract.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::Path;

use shared::client::export::index::{IndexV1, Object, Person};
use shared::client::readable::printable;
use shared::crypto::keys::Kid;
use shared::secret::Secret;

use crate::export::Export;
use crate::private;
use crate::refusal::Refusal;
use crate::safe_name::safe_name;

/// Which export, and what opens it.
pub struct Ask<'a> {
    /// The zip file.
    pub export: &'a Path,
    /// The passphrase that was chosen when it was made.
    pub passphrase: Secret<String>,
}

/// Shows the list of contents.
///
/// # Errors
/// When the record, the keys or the list do not verify; documents are not read.
pub fn list(ask: &Ask, out: &mut impl Write) -> Result<(), Refusal> {
    let mut export = Export::open(ask.export, &ask.passphrase)?;
    export.check_signature()?;
    let index = export.dossier.index();
    heading(index, out)?;
    for submission in &index.submissions {
        let count = submission.documents.len();
        writeln!(
            out,
            "Answers received {} ({}), with {count} document{}",
            submission.received,
            submission.state,
            if count == 1 { "" } else { "s" }
        )?;
    }
    let rows = index.objects.iter().zip(1..).map(|(object, number)| {
        [
            format!("{number:03}"),
            object.name.as_deref().map_or_else(|| unnamed(object).into(), printable),
            object.mime.as_deref().map_or_else(String::new, printable),
            object.size.map_or_else(String::new, |size| size.to_string()),
            object.received.clone(),
            sender(index, object.sender),
        ]
    });
    table(["No.", "Name", "Type", "Bytes", "Received", "From"], rows.collect(), out)?;
    Ok(writeln!(out, "The record verifies. The documents were not read; \"verify\" reads them.")?)
}

/// Reads everything through and says whether it stands.
///
/// # Errors
/// With the first thing that does not.
pub fn verify(ask: &Ask, out: &mut impl Write) -> Result<(), Refusal> {
    let mut export = Export::open(ask.export, &ask.passphrase)?;
    heading(export.dossier.index(), out)?;
    // The particular before the general: the sentence then names the very file.
    for object in export.dossier.index().objects.clone() {
        export.read_object(&object, &mut io::sink())?;
    }
    for number in 0..export.dossier.index().submissions.len() {
        export.read_page(number)?;
    }
    export.check_sums()?;
    export.check_signature()?;
    stands(&export, out)
}

/// Reads everything through and writes what opens into a folder.
///
/// # Errors
/// As [`verify`]; when the folder has something in it. What was written before a failure is only
/// what had verified whole.
pub fn extract(ask: &Ask, folder: &Path, out: &mut impl Write) -> Result<(), Refusal> {
    let mut export = Export::open(ask.export, &ask.passphrase)?;
    heading(export.dossier.index(), out)?;
    export.check_signature()?;
    export.check_sums()?;
    claim(folder)?;
    let objects = export.dossier.index().objects.clone();
    for (object, number) in objects.iter().zip(1..) {
        let Some(name) = object.name.as_deref().filter(|_| object.kind == "document") else {
            // Answers are written as pages; what does not open has nothing to write.
            export.read_object(object, &mut io::sink())?;
            continue;
        };
        let place = folder.join(room(export.dossier.index(), object));
        private::folder(&place)?;
        let path = place.join(safe_name(number, name));
        write_whole(&path, |file| export.read_object(object, file))?;
        writeln!(out, "{}", printable(&path.display().to_string()))?;
    }
    for number in 0..export.dossier.index().submissions.len() {
        let Some(page) = export.read_page(number)? else { continue };
        private::folder(&folder.join("answers"))?;
        let path = folder.join("answers").join(safe_name(number + 1, "answers.txt"));
        // EXPOSE: written where the person asked for it.
        write_whole(&path, |file| Ok(file.write_all(page.expose())?))?;
        writeln!(out, "{}", printable(&path.display().to_string()))?;
    }
    stands(&export, out)
}

/// What stands in place of a name.
const fn unnamed(object: &Object) -> &'static str {
    match (&object.file, &object.shred) {
        (Some(_), _) => "(does not open)",
        (None, None) => "(an identity paper, not in the export)",
        (None, Some(_)) => "(an identity paper, with the day it is shredded)",
    }
}

fn heading(index: &IndexV1, out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "{}: {}", printable(&index.matter.client), printable(&index.matter.title))?;
    writeln!(out, "{} ({})", index.matter.label, printable(&index.matter.practice))?;
    writeln!(out, "Exported {} by {}", index.exported, sender(index, index.exported_by))?;
    writeln!(out, "Firm: {}", printable(&index.firm.name))?;
    writeln!(out, "Fingerprint, to be compared with the firm's own: {}", index.firm.fingerprint)?;
    writeln!(out)
}

fn stands(export: &Export, out: &mut impl Write) -> Result<(), Refusal> {
    let evidence = export.dossier.evidence();
    let index = export.dossier.index();
    writeln!(
        out,
        "Everything verifies: {} sealed files, {} statements of the matter, {} acts of access, all in \
         the firm's log of {} statements.",
        index.objects.iter().filter(|object| object.file.is_some()).count(),
        evidence.room.head().next,
        evidence.accesses,
        evidence.checkpoint.size
    )?;
    let strangers = index.objects.iter().filter(|object| is_stranger(index, object)).count();
    if strangers > 0 {
        writeln!(out, "Of these, {strangers} came from a key that the firm did not accept.")?;
    }
    Ok(())
}

fn person(index: &IndexV1, kid: Kid) -> Option<&Person> {
    index.people.iter().find(|person| person.key == kid)
}

fn sender(index: &IndexV1, kid: Kid) -> String {
    match person(index, kid) {
        Some(Person { name: Some(name), .. }) => printable(name),
        Some(person) => person.part.clone(),
        None => "unknown".into(),
    }
}

fn is_stranger(index: &IndexV1, object: &Object) -> bool {
    person(index, object.sender).is_none_or(|person| person.part == "not accepted")
}

/// The folder for an object: those of strangers stand apart.
fn room(index: &IndexV1, object: &Object) -> &'static str {
    if is_stranger(index, object) { "not accepted" } else { "documents" }
}

/// Makes the folder, or takes an empty one.
fn claim(folder: &Path) -> Result<(), Refusal> {
    if folder.exists() {
        let mut inside = fs::read_dir(folder)?;
        if inside.next().is_some() {
            return Err(Refusal::cannot("The folder to write into is not empty."));
        }
        return Ok(());
    }
    Ok(private::folder(folder)?)
}

/// Writes a file that appears under its name only when it is whole, for its owner alone.
fn write_whole(
    path: &Path,
    write: impl FnOnce(&mut BufWriter<File>) -> Result<(), Refusal>,
) -> Result<(), Refusal> {
    let mut part = path.as_os_str().to_owned();
    part.push(".part");
    let mut file = BufWriter::new(private::new_file(Path::new(&part))?);
    let written = write(&mut file).and_then(|()| Ok(file.flush()?));
    if let Err(refusal) = written {
        drop(file);
        fs::remove_file(&part)?;
        return Err(refusal);
    }
    Ok(fs::rename(&part, path)?)
}

/// Prints rows in columns.
fn table<const N: usize>(
    head: [&str; N],
    rows: Vec<[String; N]>,
    out: &mut impl Write,
) -> io::Result<()> {
    let wide = |at: usize| {
        let rows = rows.iter().map(|row| row[at].chars().count());
        rows.chain([head[at].len()]).max().unwrap_or(0).min(48)
    };
    let widths: [usize; N] = std::array::from_fn(wide);
    for row in std::iter::once(head.map(str::to_owned)).chain(rows) {
        let line: Vec<String> =
            row.iter().zip(widths).map(|(cell, width)| format!("{cell:<width$}")).collect();
        writeln!(out, "{}", line.join("  ").trim_end())?;
    }
    writeln!(out)
}
