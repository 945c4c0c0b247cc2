//! A12: a thief has the whole database with the server's secrets, and tries passphrases. One of them is
//! right; the account stays closed without the secret that only the person's device has.

use server::db::Value;
use shared::crypto::keys::{AccountKey, VerifyKey};
use shared::crypto::opaque;
use shared::crypto::sealed::SlotKind;
use shared::crypto::slots::{SlotContext, kek_from_opaque, open_amk, open_secrets};
use shared::ids::{AccountId, SlotId};

use crate::frame::forge::directory;
use crate::frame::{attempt, refused};
use crate::harness::acts::{Firm, PASSPHRASE};

const ROW: &str = "A12";

#[test]
fn a_guessed_passphrase_opens_no_stolen_account() {
    attempt(ROW, "Tampered", async |stage| {
        let firm = stage.firm().await;
        stage.truth(&firm).await;
        let account = firm.ring.account().unwrap();
        let stolen = Stolen::of(&firm, account).await;
        for word in ["password", "marsh and lindqvist", PASSPHRASE] {
            let Some(export) = stolen.guess(&firm, word) else { continue };
            let kek = kek_from_opaque(&export, &[0; 16]);
            let slot = SlotId(stolen.slot.0);
            let amk =
                match open_amk(&kek, &context(account, slot, SlotKind::Opaque), &stolen.slot.1) {
                    Ok(amk) => amk,
                    Err(error) => return refused(&format!("{error:?}")),
                };
            let signs = stolen.signing_key(account, &amk);
            let people = directory(&firm).await;
            let me = people.member_by_account(account).unwrap().bundle.verify_key;
            return if Some(signs) == me { Ok(()) } else { refused("other keys") };
        }
        refused("no passphrase was right")
    });
}

const fn context(user: AccountId, slot_id: SlotId, kind: SlotKind) -> SlotContext {
    SlotContext { user, slot_id, slot_type: kind as u8, amk_gen: 1, sec_version: 1 }
}

/// What the tables hold of an account.
struct Stolen {
    account: AccountId,
    record: Vec<u8>,
    secrets: Vec<u8>,
    slot: ([u8; 16], Vec<u8>),
}

impl Stolen {
    async fn of(firm: &Firm, account: AccountId) -> Self {
        let mut read = firm.server.app.db.read().await.unwrap();
        let id = [Value::from(account)];
        let sql = "SELECT record, secrets FROM account WHERE id = $1";
        let row = read.fetch_optional(sql, &id).await.unwrap().unwrap();
        let (record, secrets) = (row.get(0).unwrap(), row.get(1).unwrap());
        let sql = "SELECT id, sealed FROM slot WHERE account = $1 AND kind = 2";
        let row = read.fetch_optional(sql, &id).await.unwrap().unwrap();
        let id: Vec<u8> = row.get(0).unwrap();
        let slot = (id.try_into().unwrap(), row.get(1).unwrap());
        Self { account, record, secrets, slot }
    }

    /// What a sign-in with this passphrase yields, acted out without anybody.
    fn guess(&self, firm: &Firm, word: &str) -> Option<Vec<u8>> {
        let setup = &firm.server.app.secrets.opaque;
        let (state, message) = opaque::login_start(word.as_bytes()).unwrap();
        let id = self.account.as_bytes();
        let (_, answer) = opaque::login_response(setup, Some(&self.record), &message, id).unwrap();
        // EXPOSE: the thief's own.
        let done = opaque::login_finish(state.expose(), word.as_bytes(), &answer);
        done.ok().map(|(_, export)| export.expose().clone())
    }

    fn signing_key(&self, account: AccountId, amk: &AccountKey) -> VerifyKey {
        let place = context(account, SlotId(account.0), SlotKind::AccountKeys);
        open_secrets(amk, &place, &self.secrets).unwrap().identity.signing.public()
    }
}

/// A name that nobody has is answered like one that somebody has: the same fields and lengths, the same
/// refusal at the end, by passphrase and by words.
#[test]
fn a_name_that_nobody_has_looks_like_one() {
    use shared::encoding::B64;
    use shared::identity::wire::{FinishSignIn, SignInByRecovery, StartSignIn};
    use shared::problem::Code;
    crate::frame::plainly(async {
        let firm = Firm::founded().await;
        let mut shapes = Vec::new();
        for name in ["clara", "nobody"] {
            let (_, message) = opaque::login_start(b"a wrong passphrase").unwrap();
            let call = StartSignIn { handle: name.into(), message: B64(message), known: None };
            let answer = firm.server.call(None, &call).await;
            let started = firm.server.ask(None, &call).await.unwrap();
            let finish =
                FinishSignIn { attempt: started.attempt, message: B64(vec![0; 64]), known: None };
            let refused = firm.server.ask(None, &finish).await.unwrap_err();
            let words =
                SignInByRecovery { handle: name.into(), token: B64(vec![0; 32]), known: None };
            let by_words = firm.server.ask(None, &words).await.unwrap_err();
            assert_eq!((refused, by_words), (Code::SignInFailed, Code::SignInFailed));
            shapes.push((answer.status, answer.body.len()));
        }
        assert_eq!(shapes[0], shapes[1]);
    });
}
