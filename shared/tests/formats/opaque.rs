//! The passphrase proof. Each finish takes 64 MiB and real time: that is the product's own cost,
//! and there is no cheaper one for tests, so one test tells the whole story.

use shared::crypto::opaque::{
    OpaqueError, ServerSetup, login_check, login_finish, login_response, login_start,
    registration_finish, registration_record, registration_response, registration_start,
};

const ACCOUNT: &[u8] = b"0123456789abcdef";
const PASSPHRASE: &[u8] = b"correct horse battery staple";

#[test]
fn only_the_right_passphrase_signs_in_and_unknown_names_look_alike() {
    let setup = ServerSetup::from_bytes(ServerSetup::generate().to_bytes().expose()).unwrap();
    let (state, message) = registration_start(PASSPHRASE).unwrap();
    let response = registration_response(&setup, &message, ACCOUNT).unwrap();
    let (upload, export) = registration_finish(state.expose(), PASSPHRASE, &response).unwrap();
    let record = registration_record(&upload).unwrap();
    assert_eq!(export.expose().len(), 64);

    // The right passphrase, and the same export key as at registration.
    let (state, message) = login_start(PASSPHRASE).unwrap();
    let (kept, answer) = login_response(&setup, Some(&record), &message, ACCOUNT).unwrap();
    let (proof, again) = login_finish(state.expose(), PASSPHRASE, &answer).unwrap();
    assert!(export.expose() == again.expose());
    assert_eq!(login_check(kept.expose(), &proof), Ok(()));
    let mut forged = proof.clone();
    forged[0] ^= 1;
    assert_eq!(login_check(kept.expose(), &forged), Err(OpaqueError::Refused));
    // A proof is good for its own attempt only.
    let (other, _) = login_response(&setup, Some(&record), &message, ACCOUNT).unwrap();
    assert_eq!(login_check(other.expose(), &proof), Err(OpaqueError::Refused));

    // A wrong passphrase.
    let (state, message) = login_start(b"correct horse battery stable").unwrap();
    let (_, wrong) = login_response(&setup, Some(&record), &message, ACCOUNT).unwrap();
    let error = login_finish(state.expose(), b"correct horse battery stable", &wrong).err();
    assert_eq!(error, Some(OpaqueError::Refused));

    // An unknown name: the answer has the same length, the client sees the same error.
    let (state, message) = login_start(PASSPHRASE).unwrap();
    let (_, fake) = login_response(&setup, None, &message, b"nobody").unwrap();
    assert_eq!(fake.len(), answer.len());
    assert_eq!(login_finish(state.expose(), PASSPHRASE, &fake).err(), Some(OpaqueError::Refused));
}

#[test]
fn malformed_messages_are_refused_and_do_not_panic() {
    let setup = ServerSetup::generate();
    for bytes in [&[][..], &[0; 32], &[0xff; 32], &[0; 96], &[0xff; 96], &[0; 320]] {
        assert!(registration_response(&setup, bytes, ACCOUNT).is_err());
        assert!(login_response(&setup, None, bytes, ACCOUNT).is_err());
        assert!(registration_record(bytes).is_err());
        assert!(login_check(bytes, &[0x55; 64]).is_err());
        assert!(ServerSetup::from_bytes(bytes).is_err());
    }
}
