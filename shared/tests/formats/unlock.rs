//! Slots, account secrets, and recovery codes.

use shared::crypto::error::OpenError;
use shared::crypto::hash::Hash32;
use shared::crypto::keys::{AccountKey, Identity, Kek, KemKey, Role, SigningKey};
use shared::crypto::recovery::{BadCode, RecoveryCode};
use shared::crypto::sealed::SlotKind;
use shared::crypto::slots::{
    AccountProfile, AccountSecrets, SlotContext, kek_from_opaque, kek_from_prf, kek_from_recovery,
    open_amk, open_secrets, seal_amk, seal_secrets,
};
use shared::ids::{AccountId, SlotId};
use shared::secret::Secret;

use super::every_mutation;

fn context(kind: SlotKind) -> SlotContext {
    SlotContext {
        user: AccountId([1; 16]),
        slot_id: SlotId([2; 16]),
        slot_type: kind as u8,
        amk_gen: 1,
        sec_version: 1,
    }
}

/// A sealed AMK can be told from another by what it opens: the account's secrets.
fn secrets(role: Role) -> AccountSecrets {
    AccountSecrets {
        identity: Identity::generate(role),
        root: Some(SigningKey::generate()),
        recovery: Some(KemKey::generate()),
        firm: Hash32([5; 32]),
        profile: Some(profile("Anna Kovač", "Lindqvist & Hale")),
        device: Some(Secret::new([0x1d; 16])),
    }
}

fn profile(name: &str, firm_name: &str) -> AccountProfile {
    AccountProfile { name: name.to_owned(), firm_name: firm_name.to_owned() }
}

#[test]
fn an_account_opens_through_its_slot_and_no_other_way() {
    let (amk, kek) = (AccountKey::generate(), Kek::generate());
    let slot = seal_amk(&kek, &context(SlotKind::Opaque), &amk).unwrap();
    let ctx = context(SlotKind::AccountKeys);
    for role in [Role::Staff, Role::Admin] {
        let mut before = secrets(role);
        if role == Role::Admin {
            (before.root, before.recovery, before.profile) = (None, None, None);
            before.device = None;
        }
        let sealed = seal_secrets(&amk, &ctx, &before).unwrap();
        let amk = open_amk(&kek, &context(SlotKind::Opaque), &slot).unwrap();
        let after = open_secrets(&amk, &ctx, &sealed).unwrap();
        assert!(before.identity.signing.seed() == after.identity.signing.seed());
        let public = |key: &Option<KemKey>| key.as_ref().map(KemKey::public);
        assert_eq!(public(&before.identity.kem), public(&after.identity.kem));
        assert_eq!(public(&before.recovery), public(&after.recovery));
        assert_eq!(before.root.is_some(), after.root.is_some());
        assert_eq!(before.firm, after.firm);
        assert!(before.profile == after.profile);
        let secret = |of: &AccountSecrets| of.device.as_ref().map(|secret| *secret.expose());
        assert_eq!(secret(&before), secret(&after));
    }
    let stranger = AccountKey::generate();
    let sealed = seal_secrets(&amk, &ctx, &secrets(Role::Staff)).unwrap();
    assert_eq!(open_secrets(&stranger, &ctx, &sealed).err(), Some(OpenError::Tampered));
}

#[test]
fn an_account_does_not_show_how_long_a_name_is() {
    let (amk, ctx) = (AccountKey::generate(), context(SlotKind::AccountKeys));
    let sealed = |name: &str| {
        let named = AccountSecrets { profile: Some(profile(name, "A")), ..secrets(Role::Admin) };
        seal_secrets(&amk, &ctx, &named).unwrap().len()
    };
    assert_eq!(sealed("Bo"), sealed(&"Bo".repeat(50)));
    let endless =
        AccountSecrets { profile: Some(profile(&"Bo".repeat(2500), "A")), ..secrets(Role::Admin) };
    assert!(seal_secrets(&amk, &ctx, &endless).is_err());
}

#[test]
fn no_bit_of_an_unlock_slot_can_change() {
    let (amk, kek) = (AccountKey::generate(), Kek::generate());
    let ctx = context(SlotKind::Recovery);
    let slot = seal_amk(&kek, &ctx, &amk).unwrap();
    every_mutation(&slot, |bytes| open_amk(&kek, &ctx, bytes).is_ok());
}

#[test]
fn a_slot_of_another_user_generation_or_security_version_is_refused() {
    let (amk, kek) = (AccountKey::generate(), Kek::generate());
    let good = context(SlotKind::Opaque);
    let slot = seal_amk(&kek, &good, &amk).unwrap();
    let moved = [
        SlotContext { user: AccountId([9; 16]), ..good },
        SlotContext { slot_id: SlotId([9; 16]), ..good },
        SlotContext { slot_type: SlotKind::Recovery as u8, ..good },
        SlotContext { amk_gen: 2, ..good },
        SlotContext { sec_version: 0, ..good },
        SlotContext { slot_type: 99, ..good },
    ];
    for ctx in moved {
        assert!(open_amk(&kek, &ctx, &slot).is_err(), "{ctx:?}");
    }
    assert!(seal_secrets(&amk, &good, &secrets(Role::Staff)).is_err());
}

#[test]
fn ways_in_do_not_share_keys() {
    // The same bytes as export key, as PRF output and as code give three different slot keys.
    let amk = AccountKey::generate();
    let ctx = context(SlotKind::Opaque);
    let slot = seal_amk(&kek_from_opaque(&[3; 64], &[4; 16]), &ctx, &amk).unwrap();
    assert!(open_amk(&kek_from_opaque(&[3; 64], &[4; 16]), &ctx, &slot).is_ok());
    let code = RecoveryCode::generate();
    let wrong = [
        kek_from_opaque(&[3; 64], &[5; 16]),
        kek_from_opaque(&[2; 64], &[4; 16]),
        kek_from_prf(&[3; 32]),
        kek_from_recovery(&code),
    ];
    for kek in wrong {
        assert_eq!(open_amk(&kek, &ctx, &slot).err(), Some(OpenError::Tampered));
    }
}

#[test]
fn a_recovery_code_is_read_however_it_is_typed() {
    let code = RecoveryCode::generate();
    let words = code.words().expose().clone();
    let token = *code.auth_token().expose();
    let typed = [
        words.clone(),
        words.to_uppercase(),
        format!("  {}\n", words.replace(' ', "   \t")),
        words.split(' ').enumerate().map(|(i, w)| format!("{}. {w}\n", i + 1)).collect(),
        words.replace(' ', ", "),
    ];
    for text in typed {
        let read = RecoveryCode::parse(&text).map_err(|error| format!("{error}: {text}")).unwrap();
        assert!(*read.auth_token().expose() == token);
    }
}

#[test]
fn a_mistyped_recovery_code_says_what_is_wrong() {
    let good = "abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about";
    assert!(RecoveryCode::parse(good).is_ok());
    let error = |text: &str| RecoveryCode::parse(text).err();
    assert_eq!(error(""), Some(BadCode::Count(0)));
    assert_eq!(error(good.trim_end_matches(" about")), Some(BadCode::Count(11)));
    assert_eq!(error(&good.replace("about", "abuot")), Some(BadCode::Word(12)));
    assert_eq!(error(&good.replace("about", "abandon")), Some(BadCode::Checksum));
    // Swapping two different words is caught by the checksum in 15 of 16 cases; this is one.
    let swapped = good.replacen("abandon", "about", 1).replacen(" about", " abandon", 1);
    assert!(matches!(error(&swapped), Some(BadCode::Checksum)));
}
