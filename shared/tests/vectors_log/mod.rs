//! What the log and its witnesses sign.

use shared::crypto::error::{FormatError, SignatureError};
use shared::crypto::hash::Hash32;
use shared::crypto::keys::{Kid, SigningKey, VerifyKey};
use shared::journal::checkpoint::{Checkpoint, Note, origin};
use shared::journal::cosignature::Witness;

use super::each;

#[test]
fn checkpoints() {
    each("checkpoint", 4, |v| {
        let note = String::from_utf8(v.bytes("note")).unwrap();
        let opened = Checkpoint::open(&note, v.text("origin"), &VerifyKey(v.fixed("key")));
        if let Some(checkpoint) = v.settle(opened) {
            assert_eq!(checkpoint.size, v.number("size"));
            assert_eq!(checkpoint.root.0, v.fixed("root"));
            let again = checkpoint.sign(&SigningKey::from_seed(v.fixed("seed")));
            assert_eq!(again, Ok::<_, FormatError>(note));
        }
    });
}

/// What a witness said of a checkpoint.
#[test]
fn cosignatures() {
    each("cosignature", 9, |v| {
        let (firm, note) = (Hash32(v.fixed("firm")), String::from_utf8(v.bytes("note")).unwrap());
        let witness = Witness { kid: Kid(v.fixed("kid")), key: VerifyKey(v.fixed("witness")) };
        let said = Note::parse(&note).map_err(SignatureError::from).and_then(|read| {
            Checkpoint::open(&note, &origin(firm), &VerifyKey(v.fixed("log")))?;
            read.cosigned_by(firm, &witness)
        });
        let said = match said {
            Ok(None) => Err("Absent".to_owned()),
            Ok(Some(time)) => Ok(time),
            Err(error) => Err(format!("{error:?}")),
        };
        assert_eq!(said.as_ref().map_or_else(String::clone, |_| "ok".into()), v.text("expect"));
        let Ok(time) = said else { return };
        assert_eq!(time.0, v.number("time"), "{}", v.name);
        if v.fields.contains_key("witness seed") {
            let checkpoint = Note::parse(&note).unwrap().checkpoint;
            let log = checkpoint.sign(&SigningKey::from_seed(v.fixed("log seed"))).unwrap();
            let key = SigningKey::from_seed(v.fixed("witness seed"));
            let line = checkpoint.cosign(firm, witness.kid, &key, time).unwrap();
            assert_eq!(checkpoint.cosigned(firm, &witness, &line), Ok(time));
            assert_eq!(format!("{log}{line}"), note);
        }
    });
}
