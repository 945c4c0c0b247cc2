//! A08, a client's way back: the server overwrites what a passkey opens with what it held before.

use std::rc::Rc;

use server::db::Value;
use shared::client::back::{MadeBack, Touched};
use shared::client::intake::Intake;
use shared::crypto::recovery::RecoveryCode;
use shared::intake::value::Language;

use crate::frame::scene::answered;
use crate::frame::{Stage, attempt, tamper};
use crate::harness::acts::Firm;
use crate::harness::client::Device;
use crate::harness::soft_passkey::SoftPasskey;

const ROW: &str = "A08";

/// The record of an earlier day, with what the client's key said of it then, for a device that knows a newer one.
#[test]
fn a_device_that_knows_the_way_takes_no_older_record() {
    attempt(ROW, "NotVerified(Back)", async |stage| {
        let firm = stage.firm().await;
        let (device, intake) = answered(&firm).await;
        let passkey = SoftPasskey::unlocking("a client");
        let new = intake.begin_back().await.unwrap();
        let made =
            MadeBack { passkey: passkey.make(&new.ceremony), credential: passkey.id.clone() };
        intake.keep_back(&new, &made, Language::English).await.unwrap();
        older_again(stage, &firm, &intake).await;
        let ceremony = device.begin_return().await?;
        let signed = passkey.touched(&ceremony.challenge);
        let touched = Touched { signed, handle: new.handle };
        device.return_by_passkey(ceremony.attempt, touched).await?;
        Ok(())
    });
}

/// The same where twelve words open it.
#[test]
fn a_device_that_knows_the_way_takes_no_older_record_by_words() {
    attempt(ROW, "NotVerified(Back)", async |stage| {
        let firm = stage.firm().await;
        let (device, intake) = answered(&firm).await;
        let new = intake.begin_words().unwrap();
        let words = new.words();
        let typed = new.asked().map(|at| words.expose().split(' ').nth(at).unwrap());
        intake.keep_words(&new, typed, Language::English).await.unwrap();
        older_again(stage, &firm, &intake).await;
        device.return_by_words(&RecoveryCode::parse(words.expose()).unwrap()).await?;
        Ok(())
    });
}

/// What was kept first stands where the client put something newer.
async fn older_again(stage: &Stage, firm: &Rc<Firm>, intake: &Intake<Device>) {
    let (record, said): (Vec<u8>, Vec<u8>) = {
        let mut read = firm.server.app.db.read().await.unwrap();
        let row = read.fetch_optional("SELECT record, said FROM way_back", &[]).await;
        let row = row.unwrap().unwrap();
        (row.get(0).unwrap(), row.get(1).unwrap())
    };
    intake.renew_back(Language::English).await.unwrap();
    stage.truth(firm).await;
    let sql = "UPDATE way_back SET record = $1, said = $2, number = 1";
    tamper(firm, sql, &[Value::from(&record), Value::from(&said)]).await;
}
