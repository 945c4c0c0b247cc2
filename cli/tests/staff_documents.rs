//! What the firm itself added to a matter goes into its export, verifies, and comes out unchanged.

#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod harness;

use cli::commands::{self, Ask};
use cli::demo::host::Device;
use harness::{Line, PASSPHRASE, founding, portal, run, verify, write};
use shared::client::Portal;
use shared::client::filing::Filing as _;
use shared::client::upload::FileFacts;
use shared::matters::plain::{DescriptionV1, Label};
use shared::secret::Secret;

async fn export(bytes: &[u8]) -> Vec<u8> {
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
    let facts = FileFacts {
        name: "court order.pdf".into(),
        mime: "application/pdf".into(),
        size: bytes.len() as u64,
        modified: 1_795_000_000_000,
    };
    lawyer.filing(&ring, matter).hand_in(&facts, bytes).await.unwrap();
    let mut zip = Vec::new();
    let passphrase = Secret::new(PASSPHRASE.to_owned());
    lawyer.export(&ring, matter, &passphrase, &mut zip).await.unwrap();
    zip
}

#[test]
fn a_matter_with_the_firms_own_documents_exports_whole() {
    let bytes: Vec<u8> = (0_u32..4 * 1024 * 1024 + 9).map(|at| (at >> 7) as u8).collect();
    let zip = run(export(&bytes));
    let said = verify(&zip).unwrap();
    assert!(said.contains("Everything verifies: 1 sealed file"), "{said}");
    let folder = tempfile::tempdir().unwrap();
    let path = write(folder.path(), &zip);
    let out = folder.path().join("out");
    let ask = Ask { export: &path, passphrase: Secret::new(PASSPHRASE.to_owned()) };
    commands::extract(&ask, &out, &mut Vec::new()).unwrap();
    let written = std::fs::read(out.join("documents/001 court order.pdf")).unwrap();
    assert!(written == bytes);
}
