//! What these pages say, in each language, side by side.

use shared::client::ClientError;
use shared::intake::value::Language;
use shared::problem::Code;

use crate::net::trouble::for_client;
use crate::platform::passkey::NoPasskey;
use crate::ui::trouble::Trouble;
use crate::words::{Word, language, t};

/// The one of the two that is spoken.
pub(super) fn say(english: &'static str, spanish: &'static str) -> &'static str {
    match language() {
        Language::English => english,
        Language::Spanish => spanish,
    }
}

fn told(title: &str, happened: &str, todo: &str, broken: bool) -> Trouble {
    Trouble {
        title: title.to_owned(),
        happened: happened.to_owned(),
        safe: t(Word::NothingSent).to_owned(),
        todo: todo.to_owned(),
        broken,
    }
}

/// What went wrong, as a sentence and a way out.
pub(super) fn trouble(error: &ClientError) -> Trouble {
    let link = say(
        "Open the link that the firm sent you, or ask the firm for a new one.",
        "Abra el enlace que le envió el despacho o pida uno nuevo.",
    );
    match error {
        ClientError::SignIn => told(
            say("This passkey opens nothing here", "Esta llave de acceso no abre nada aquí"),
            say(
                "It was not made for this page, it was replaced by another one, or the firm ended it because you lost a device.",
                "No se creó para esta página, se reemplazó por otra o el despacho la anuló porque perdió un dispositivo.",
            ),
            link,
            false,
        ),
        ClientError::NoKeysInPasskey => told(
            say(
                "This passkey cannot open your matter",
                "Esta llave de acceso no puede abrir su asunto",
            ),
            say(
                "This browser, or the place where it keeps the passkey, cannot unlock anything with it.",
                "Este navegador, o el lugar donde guarda la llave, no puede abrir nada con ella.",
            ),
            say(
                "Make twelve words instead, or try another browser or telephone.",
                "Cree doce palabras en su lugar, o pruebe con otro navegador o teléfono.",
            ),
            false,
        ),
        ClientError::NotVerified(_) => told(
            say("What the server gave is not yours", "Lo que entregó el servidor no es suyo"),
            say(
                "It is not what your key sealed last: it was changed, or taken from an earlier day, another person or another firm.",
                "No es lo último que selló su clave: se modificó o es de otro día, de otra persona o de otro despacho.",
            ),
            say(
                "Do not go on here. Call the firm on a number you know.",
                "No continúe aquí. Llame al despacho a un número que conozca.",
            ),
            true,
        ),
        ClientError::Refused(Code::PasskeyCopied) => told(
            say("This passkey may have been copied", "Es posible que esta llave se haya copiado"),
            say(
                "Its counter went back, which happens when somebody uses a copy of it.",
                "Su contador retrocedió, como ocurre cuando alguien usa una copia.",
            ),
            say(
                "Call the firm on a number you know, and ask for a new link.",
                "Llame al despacho a un número que conozca y pida un enlace nuevo.",
            ),
            true,
        ),
        ClientError::Refused(Code::Stale) => told(
            say("Another device changed it", "Otro dispositivo lo cambió"),
            say(
                "Something was added from another device since, or something else took its place.",
                "Desde entonces se agregó algo desde otro dispositivo, o se reemplazó por otra forma de volver.",
            ),
            say(
                "Come back with the passkey or the words first, on this device.",
                "Vuelva primero con la llave de acceso o las palabras en este dispositivo.",
            ),
            false,
        ),
        ClientError::Refused(Code::TooLarge) => told(
            say("There is too much to keep", "Hay demasiado que guardar"),
            say(
                "More was handed in from this device than one passkey remembers.",
                "Desde este dispositivo se entregó más de lo que una llave recuerda.",
            ),
            say(
                "Nothing of it is lost: the link goes on working on this device.",
                "Nada de ello se pierde: el enlace sigue funcionando en este dispositivo.",
            ),
            false,
        ),
        ClientError::Unfit | ClientError::NoSecret | ClientError::Missing => told(
            say("There is nothing on this device yet", "Aún no hay nada en este dispositivo"),
            say(
                "A way back is made on the device on which you answered, after something was handed in.",
                "Se crea en el dispositivo en que respondió, después de entregar algo.",
            ),
            link,
            false,
        ),
        other => for_client(other, false),
    }
}

/// Words that the server does not know, or of a key that ended.
pub(super) fn strange_words() -> Trouble {
    told(
        say("These words open nothing here", "Estas palabras no abren nada aquí"),
        say(
            "They were not made for this page, they were replaced, or the firm ended them because you lost a device.",
            "No se crearon para esta página, se reemplazaron o el despacho las anuló porque perdió un dispositivo.",
        ),
        say(
            "Look at each word again. Or open the link that the firm sent you, or ask the firm for a new one.",
            "Revise cada palabra. O abra el enlace que le envió el despacho, o pida uno nuevo.",
        ),
        false,
    )
}

/// Why the browser made or used no passkey.
pub(super) fn no_passkey(why: NoPasskey) -> &'static str {
    match why {
        NoPasskey::Unsupported => say(
            "This browser has no passkeys. Twelve words do the same: this device makes them, and you keep them.",
            "Este navegador no tiene llaves de acceso. Doce palabras hacen lo mismo: este dispositivo las crea y usted las guarda.",
        ),
        NoPasskey::Cancelled => say(
            "Nothing happened: it was called off, or took too long.",
            "No ocurrió nada: se canceló o tardó demasiado.",
        ),
        NoPasskey::HasOne => {
            say("This device has this passkey already.", "Este dispositivo ya tiene esta llave.")
        }
        NoPasskey::Failed => say("The browser could not do that.", "El navegador no pudo hacerlo."),
    }
}
