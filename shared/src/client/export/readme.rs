//! The page that explains an export to a person who has never heard of us.

use alloc::string::String;

use super::index::name;

/// The text of `README.txt`. It holds no name and nothing of the content: it lies unsealed beside it.
#[must_use]
pub(super) fn readme(exported: &str, example: Option<&str>, page: Option<&str>) -> String {
    let example = example.unwrap_or("documents/001-....age");
    let page = page.unwrap_or("answers/001-....txt.age");
    alloc::format!(
        "\
This is the export of one matter, made by Underseal on {exported}.

Everything in it that a person wrote is sealed. To read it you need the passphrase
that was chosen when the export was made, and one of these:

  * the program \"age\", version 1.3 or later (https://age-encryption.org), or any
    other program that reads age files with post-quantum keys. Nothing of Underseal
    is needed. Four commands, typed in the folder where you unpacked this file:

    1. Open the matter's key with the passphrase:

       age --decrypt --output key.txt {key}

    2. Open the list of what is here: names, types, senders, times:

       age --decrypt --identity key.txt --output index.json {index}

    3. Open one document; the list says which file it is and what it was called:

       age --decrypt --identity key.txt --output document {example}

    4. Open the answers to a form, as a page to read or print:

       age --decrypt --identity key.txt --output answers.txt {page}

    Afterwards delete key.txt, which opens the whole matter, and every file that
    you opened: nothing in them is sealed any more.

  * the program \"underseal-open\", which opens everything at once and also checks
    that nothing was changed, left out or added, and who sent each document:

       underseal-open verify  EXPORT.zip
       underseal-open list    EXPORT.zip
       underseal-open extract EXPORT.zip --out FOLDER

    It is built from the sources of Underseal, as docs/EXPORT.md there says; or ask
    the firm for it. Delete FOLDER when you no longer need it.

What is here:

  {key:<20} the matter's keys, sealed under the passphrase
  {index:<20} the list of everything, sealed
  documents/           the documents as they were handed in, each sealed
  answers/             answers to forms, sealed: as filed (.age), and as a page to
                       print (.txt.age)
  manifests/           what each sender signed about each sealed file
  journal/             the signed record of the matter: who was given access, who sent
                       what and when, who opened it; with the proof that the firm's
                       log holds it
  {sums:<20} the SHA-256 of every other file; \"sha256sum -c\" reads it
  {signature:<20} the signature over that list of the person who made the export

Nobody can open this export without the passphrase, and nobody can replace a
forgotten one. Keep both apart.
",
        key = name::KEY,
        index = name::INDEX,
        sums = name::CHECKSUMS,
        signature = name::SIGNATURE,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_four_commands_stand_in_it_and_lines_fit_a_page() {
        let answers = "answers/002-0b.txt.age";
        let page = readme("2026-11-21T08:09:10Z", Some("documents/001-0a.age"), Some(answers));
        for command in [
            "age --decrypt --output key.txt matter-key.age",
            "age --decrypt --identity key.txt --output index.json index.json.age",
            "age --decrypt --identity key.txt --output document documents/001-0a.age",
            "age --decrypt --identity key.txt --output answers.txt answers/002-0b.txt.age",
        ] {
            assert!(page.contains(command));
        }
        assert!(page.is_ascii() && page.lines().all(|line| line.len() <= 90));
    }
}
