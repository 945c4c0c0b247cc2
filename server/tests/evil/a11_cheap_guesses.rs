//! A11: the server says how costly a guess at a passphrase is to be, and names next to nothing.

use server::db::Value;
use shared::crypto::opaque;

use crate::frame::lies::more_fields;
use crate::frame::scene::fresh;
use crate::frame::{attempt, refused, twist, without_faults};
use crate::harness::NOW;
use crate::harness::acts::{Firm, PASSPHRASE};
use crate::harness::client::Device;
use crate::harness::enter;
use shared::secret::Secret;

const ROW: &str = "A11";

/// What other protocols ask the server for before they stretch a passphrase.
const ASKED: &[(&str, u32)] = &[("memory", 8), ("passes", 1), ("iterations", 1)];

/// A new passphrase is set on a device that hears these answers; then the server tries it against the
/// record that it was given: at the compiled-in cost it is found, or the record was made at another.
#[test]
fn a_guess_costs_what_was_compiled_in() {
    attempt(ROW, "a guess is costly", async |stage| {
        let firm = stage.firm().await;
        stage.truth(&firm).await;
        let portal = Device::new(&firm.router, NOW);
        twist(&portal, more_fields(ASKED));
        let word = "another long passphrase";
        stage.secret("the new passphrase", word.as_bytes());
        let new = Secret::new(word.to_owned());
        portal.sign_in_with_words("clara", &firm.words, &new).await?;
        // From here on a guess is stretched as it was compiled in.
        without_faults();
        if guess(&firm, word).await { refused("a guess is costly") } else { Ok(()) }
    });
}

/// Whether the record in the database is of this passphrase, as only its server can ask.
async fn guess(firm: &Firm, word: &str) -> bool {
    let account = firm.ring.account().unwrap();
    let mut read = firm.server.app.db.read().await.unwrap();
    let sql = "SELECT record FROM account WHERE id = $1";
    let row = read.fetch_optional(sql, &[Value::from(account)]).await.unwrap().unwrap();
    let record: Vec<u8> = row.get(0).unwrap();
    let setup = &firm.server.app.secrets.opaque;
    let (state, message) = opaque::login_start(word.as_bytes()).unwrap();
    let asked = opaque::login_response(setup, Some(&record), &message, account.as_bytes());
    let (_, answer) = asked.unwrap();
    // EXPOSE: the state goes back into the protocol.
    opaque::login_finish(state.expose(), word.as_bytes(), &answer).is_ok()
}

/// Signing in is what it was, whatever the server says of costs: the same passphrase opens.
#[test]
fn what_the_server_says_of_costs_is_not_heard() {
    crate::frame::plainly(async {
        let firm = Firm::founded().await;
        let portal = fresh(&firm).await;
        twist(&portal, more_fields(ASKED));
        enter::enter(&portal, "clara", &Secret::new(PASSPHRASE.into())).await.unwrap();
    });
}

/// No message of sign-in or registration has a place for a cost.
#[test]
fn no_message_names_a_cost() {
    use shared::encoding::B64;
    use shared::identity::wire::{Answered, SignInStarted};
    crate::frame::without_faults();
    let names = |json: String| {
        let value: serde_json::Value = serde_json::from_str(&json).unwrap();
        value.as_object().unwrap().keys().cloned().collect::<Vec<_>>()
    };
    let bytes = || B64(vec![1]);
    let started = SignInStarted { attempt: bytes(), message: bytes() };
    assert_eq!(names(serde_json::to_string(&started).unwrap()), ["attempt", "message"]);
    let answered = Answered { message: bytes() };
    assert_eq!(names(serde_json::to_string(&answered).unwrap()), ["message"]);
}
