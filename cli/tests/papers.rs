//! An export says that there was an identity paper, and brings neither it nor a key to it.

#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod harness;

use cli::commands::{self, Ask};
use cli::demo::host::Device;
use harness::{Line, PASSPHRASE, founding, portal, run, verify, write};
use shared::client::Portal;
use shared::client::filing::Filing as _;
use shared::client::invite::InviteTerms;
use shared::client::upload::FileFacts;
use shared::client::verdicts::Judgement;
use shared::crypto::manifest::FileKind;
use shared::ids::{FormId, InviteId};
use shared::intake::questions::asking;
use shared::intake::templates;
use shared::journal::verdict::{Finding, Ways};
use shared::matters::plain::{DescriptionV1, Label};
use shared::secret::Secret;

/// A client filed a paper, and was verified by it where that is wanted.
async fn export(verified: bool) -> Vec<u8> {
    let data = tempfile::tempdir().unwrap();
    let router = portal(data.path()).await;
    let lawyer = Portal::new(Device::new(Line::new(&router)));
    let ring = lawyer.found(founding(&lawyer).await, |_| ()).await.unwrap().ring;
    let description = DescriptionV1 {
        client: "Elena Marchetti".into(),
        title: "Divorce, two children".into(),
        practice: "Family law".into(),
        label: Label::Privileged,
    };
    let matter = lawyer.create_matter(&ring, &description).await.unwrap();
    let form = FormId::random();
    let asks = asking(&(templates::all()[0].build)(), &[], true);
    lawyer.publish_form(&ring, form, &asks).await.unwrap();
    let terms = InviteTerms { days: 7, readers: vec!["Margaret Hale".into()] };
    let link = lawyer.invite_client(&ring, matter, form, &terms).await.unwrap();
    let (path, fragment) = link.split_once('#').unwrap();
    let invite: InviteId = path.rsplit('/').next().unwrap().parse().unwrap();
    let client = Portal::new(Device::new(Line::new(&router)));
    let intake = client.open_invite(invite, Some(fragment)).await.unwrap();
    let bytes = b"the picture of a passport";
    let facts = FileFacts {
        name: "passport.jpg".into(),
        mime: "image/jpeg".into(),
        size: bytes.len() as u64,
        modified: 1_795_000_000_000,
    };
    let paper = intake.hand_in_as(&facts, bytes, FileKind::Identification).await.unwrap().object;
    let client = lawyer.matter(&ring, matter).await.unwrap().clients[0].kid;
    if verified {
        let (finding, ways, paper) = (Finding::Verified, Ways::PAPER, Some(paper));
        let found =
            Judgement { client, finding, ways, expires: None, paper, of: None, reason: None };
        lawyer.judge(&ring, matter, &found).await.unwrap();
    }
    let mut zip = Vec::new();
    let passphrase = Secret::new(PASSPHRASE.to_owned());
    lawyer.export(&ring, matter, &passphrase, &mut zip).await.unwrap();
    zip
}

#[test]
fn an_export_says_what_there_was_and_brings_no_paper() {
    for (verified, listed) in [
        (false, "(an identity paper, not in the export)"),
        (true, "(an identity paper, with the day it is shredded)"),
    ] {
        let zip = run(export(verified));
        let said = verify(&zip).unwrap();
        assert!(said.contains("Everything verifies: 0 sealed files"), "{said}");
        let folder = tempfile::tempdir().unwrap();
        let path = write(folder.path(), &zip);
        let ask = Ask { export: &path, passphrase: Secret::new(PASSPHRASE.to_owned()) };
        let mut out = Vec::new();
        commands::list(&ask, &mut out).unwrap();
        let out = String::from_utf8(out).unwrap();
        assert!(out.contains(listed), "{out}");
        let into = folder.path().join("out");
        commands::extract(&ask, &into, &mut Vec::new()).unwrap();
        assert!(!into.join("documents").exists());
    }
}
