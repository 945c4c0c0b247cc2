//! A32, by codes: a client's key of the attacker's guesses, with a server that forgets how often.

use server::db::Value;
use shared::client::contact::Compared;
use shared::client::standing::State;
use shared::client::{ClientError, Thing};
use shared::crypto::keys::Kid;
use shared::journal::code::{Channel, MOST_TRIES};
use shared::time::MINUTE;

use crate::frame::scene::answered;
use crate::frame::{attempt, plainly, refused, tamper};
use crate::harness::NOW;
use crate::harness::acts::Firm;
use crate::harness::canary::{disguises, search, search_folder, search_rows};
use crate::harness::client::WIRE;

const ROW: &str = "A32";

/// The client who came, and the code that the lawyer reads to somebody.
async fn asked(firm: &Firm) -> (Kid, String) {
    let view = firm.portal.matter(&firm.ring, firm.matter).await.unwrap();
    let client = view.clients[0].kid;
    firm.portal.ask_code(&firm.ring, firm.matter, client, Channel::Voice).await.unwrap();
    (client, firm.portal.code(&firm.ring, firm.matter, client).unwrap())
}

fn wrong(code: &str) -> String {
    code.chars().map(|digit| if digit == '9' { '0' } else { '9' }).collect()
}

/// Five tries, and the server takes as many more as it likes; one of them is right.
#[test]
fn a_code_is_guessed_at_no_more_often_than_it_is_said() {
    attempt(ROW, "NotVerified(Matter)", async |stage| {
        let firm = stage.firm().await;
        let (_, intake) = answered(&firm).await;
        let (client, code) = asked(&firm).await;
        for _ in 0..MOST_TRIES {
            intake.answer_code(&wrong(&code)).await.unwrap();
        }
        stage.truth(&firm).await;
        tamper(&firm, "DELETE FROM code_answer", &[]).await;
        intake.answer_code(&code).await.unwrap();
        match firm.portal.look_at_code(&firm.ring, firm.matter, client).await? {
            Compared::Right => Ok(()),
            _ => refused("not the code"),
        }
    });
}

/// The server, which a code read aloud never reached, finds it nowhere in what it keeps or hears.
#[test]
fn a_code_that_is_read_aloud_is_heard_by_nobody_else() {
    plainly(async {
        let firm = Firm::founded().await;
        let (_, intake) = answered(&firm).await;
        let (client, code) = asked(&firm).await;
        intake.answer_code(&code).await.unwrap();
        let seen = firm.portal.compare_code(&firm.ring, firm.matter, client).await;
        assert_eq!(seen, Ok(Compared::Right));
        let needles = vec![("the code".to_owned(), disguises(code.as_bytes()))];
        WIRE.with_borrow(|wire| {
            wire.iter().for_each(|sent| search(&sent.path, &sent.body, &needles));
        });
        search_rows(&firm.server.app.db, &needles).await;
        search_folder(firm.server.data.path(), &needles);
    });
}

/// The server takes an answer after its code ended, and says when it came, as it must.
#[test]
fn an_answer_that_came_late_is_none() {
    plainly(async {
        let firm = Firm::founded().await;
        firm.stay_long().await;
        let (_, intake) = answered(&firm).await;
        let (client, code) = asked(&firm).await;
        tamper(&firm, "UPDATE code_asked SET ends = ends + 86400000", &[]).await;
        firm.server.set_clock(NOW.plus(45 * MINUTE));
        intake.answer_code(&code).await.unwrap();
        let seen = firm.portal.look_at_code(&firm.ring, firm.matter, client).await;
        let broken = ClientError::NotVerified(Thing::Matter);
        assert_eq!(seen, Err(broken));
    });
}

/// Rows about codes are nobody's word.
#[test]
fn an_answer_in_the_servers_table_proves_nothing() {
    plainly(async {
        let firm = Firm::founded().await;
        drop(answered(&firm).await);
        let (client, _) = asked(&firm).await;
        let sql = "INSERT INTO code_answer (object, client, leaf, time) VALUES ($1, $2, 1, 1)";
        let object = Value::from(&[7_u8; 16][..]);
        tamper(&firm, sql, &[object, Value::from(client.0)]).await;
        let seen = firm.portal.compare_code(&firm.ring, firm.matter, client).await;
        assert_eq!(seen, Ok(Compared::Nothing));
        let view = firm.portal.matter(&firm.ring, firm.matter).await.unwrap();
        assert_eq!(view.clients[0].standing.state, State::Invited);
    });
}
