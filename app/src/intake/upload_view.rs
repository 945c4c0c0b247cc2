//! Documents for one question.

use leptos::prelude::*;
use shared::intake::kind::Upload;

use super::field_view::Asked;
use super::filling::some_words;
use super::visit::Visit;
use crate::documents::file_row::{FileRow, Press};
use crate::documents::picker::Picker;
use crate::ui::field::GroupFrame;
use crate::words::{Word, t};

/// The field.
#[component]
pub fn UploadView(asked: Asked, upload: Upload) -> impl IntoView {
    let Asked { place, id, label, hint, optional, error, .. } = asked;
    let identity = upload.identity;
    let uploads = expect_context::<Visit>().uploads;
    let rows = {
        let place = place.clone();
        Memo::new(move |_| uploads.at(&place))
    };
    let more = move || upload.several || rows.with(Vec::is_empty);
    let tip = some_words(upload.hint.as_ref());
    let hint = match (hint.is_empty(), tip.is_empty()) {
        (true, true) => t(Word::UploadLimits).to_owned(),
        (true, false) => tip,
        (false, true) => hint,
        (false, false) => [hint.as_str(), " ", tip.as_str()].concat(),
    };
    let accept: Vec<&'static str> = upload.accepts.iter().map(|kind| kind.accept()).collect();
    let accept = accept.join(",");
    view! {
        <GroupFrame id=id.clone() label hint optional error>
            <Show when=more>
                <Picker
                    id=id.clone()
                    accept=accept.clone()
                    several=upload.several
                    on_files={
                        let place = place.clone();
                        move |files| uploads.add(&place, files, identity)
                    }
                />
            </Show>
            <ul class="files" hidden=move || rows.with(Vec::is_empty)>
                <For each=move || rows.get() key=|row| row.id let:row>
                    <FileRow row on_press=move |press| match press {
                        Press::Pause => uploads.pause(row),
                        Press::Go => uploads.go(row),
                        Press::Remove => uploads.remove(row),
                    }/>
                </For>
            </ul>
        </GroupFrame>
    }
    .into_any()
}
