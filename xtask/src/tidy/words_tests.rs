//! Each rule of `words` meets what it forbids, and what merely looks like it.

use super::super::places;
use super::*;

fn check(rule: fn(&Tree) -> Vec<Violation>, files: &[(&str, &str)], expected: &[&str]) {
    assert_eq!(places(&rule(&Tree::of(files))), expected);
}

#[test]
fn a_cipher_outside_hazmat_is_found() {
    check(
        only_hazmat_names_ciphers,
        &[
            ("shared/src/crypto/hazmat/aead.rs", "use chacha20poly1305::aead::Aead;\n"),
            (
                "shared/src/crypto/keys.rs",
                "use super::sha2::x;\nlet a = crypto::scrypt::unwrap();\n",
            ),
            ("server/src/keys/store.rs", "//! s\nuse sha2::Digest;\nlet h = hmac::Hmac::new();\n"),
            ("app/worker/src/documents.rs", "use sha2::Sha256;\n"),
        ],
        &[
            "server/src/keys/store.rs:2",
            "server/src/keys/store.rs:3",
            "app/worker/src/documents.rs:1",
        ],
    );
}

#[test]
fn the_browser_outside_platform_is_found() {
    let line = "let w = web_sys::window();\n";
    check(
        only_platform_names_the_browser,
        &[
            ("app/src/platform/page.rs", line),
            ("app/src/ui/button.rs", line),
            ("app/worker/src/serve.rs", line),
            ("app/worker/src/documents.rs", line),
        ],
        &["app/src/ui/button.rs:1", "app/worker/src/documents.rs:1"],
    );
}

#[test]
fn a_fetch_outside_net_is_found() {
    let line = "window.fetch_with_request(&request)\n";
    check(
        only_net_fetches,
        &[
            ("app/src/net/client.rs", line),
            ("app/src/keys/state.rs", line),
            ("app/worker/src/serve.rs", line),
        ],
        &["app/src/keys/state.rs:1", "app/worker/src/serve.rs:1"],
    );
}

#[test]
fn inline_style_and_markup_from_strings_are_found() {
    check(
        no_inline_style,
        &[
            ("app/src/ui/a.rs", "<p style=\"x\">\n<p style:width=w>\n<p inner_html=t>\n"),
            ("app/index.html", "<p class=\"style\">\n<style>\n"),
            ("app/styles/a.css", "/* style= */\n"),
        ],
        &["app/src/ui/a.rs:1", "app/src/ui/a.rs:3", "app/index.html:2"],
    );
}

#[test]
fn sql_outside_a_store_is_found() {
    let line = "sqlx::query(\"SELECT 1\")\n";
    check(
        sql_stays_in_stores,
        &[
            ("server/src/keys/store.rs", line),
            ("server/src/db/pool.rs", line),
            ("server/src/keys/routes.rs", line),
            ("server/src/keys/policy.rs", "let a = \"Update \";\n    \"DELETE FROM a\",\n"),
        ],
        &["server/src/keys/routes.rs:1", "server/src/keys/policy.rs:2"],
    );
}

#[test]
fn an_error_status_outside_the_error_is_found() {
    check(
        errors_choose_status,
        &[
            ("server/src/error.rs", "StatusCode::NOT_FOUND\n"),
            (
                "server/src/keys/routes.rs",
                "use axum::http::StatusCode;\nStatusCode::OK\nStatusCode::GONE\n",
            ),
        ],
        &["server/src/keys/routes.rs:3"],
    );
}

#[test]
fn exposing_without_a_reason_is_found() {
    let with = "// EXPOSE: the function takes bytes.\nf(s.expose());\n";
    check(
        exposing_has_a_reason,
        &[("shared/src/a.rs", with), ("shared/src/b.rs", "f(s.expose());\n")],
        &["shared/src/b.rs:1"],
    );
}

#[test]
fn unfinished_work_and_switched_off_tests_are_found() {
    check(
        nothing_left_undone,
        &[
            ("a.rs", "todo!()\nTODONE\n// TODO later\n"),
            ("e2e/tests/a.spec.ts", "test.only(x)\nawait page.waitForTimeout(1)\n"),
        ],
        &["a.rs:1", "a.rs:3", "e2e/tests/a.spec.ts:1", "e2e/tests/a.spec.ts:2"],
    );
}

#[test]
fn a_machines_path_is_found() {
    check(
        no_machine_paths,
        &[("a.md", "cd /home/me\nhttps://x.example/home/\n../work/x\n\"/root/x\"\n")],
        &["a.md:1", "a.md:4"],
    );
}

#[test]
fn a_debug_form_in_a_log_line_is_found() {
    check(
        no_words_in_the_log,
        &[(
            "server/src/a.rs",
            "info!(id = %id, \"ok\");\ndebug!(\n    \"{request:?}\"\n);\nlet x = format!(\"{y:?}\");\n",
        )],
        &["server/src/a.rs:3"],
    );
}

#[test]
fn a_callback_run_after_a_wait_is_found() {
    let text = "let act = move |()| {\n    before.run(());\n    spawn_local(async move {\n        \
                first.run(());\n        let done = ask().await;\n        if done {\n            \
                on_done.run(());\n        }\n        let _ = other.try_run(());\n    });\n    \
                after.run(());\n};\n";
    let elsewhere = "spawn_local(async move {\n    pool.run(task).await;\n});\n";
    check(
        callbacks_may_be_gone,
        &[("app/src/matters/invite.rs", text), ("app/worker/src/serve.rs", elsewhere)],
        &["app/src/matters/invite.rs:7"],
    );
}
