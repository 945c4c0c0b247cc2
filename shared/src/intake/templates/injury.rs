//! Personal injury, as a careful injury lawyer asks: names first, then safe ways to talk, then
//! time limits, then what happened, the injuries, their cost, insurers, witnesses and proof.

use super::build::*;
use super::common::*;
use crate::intake::form::{FormV1, Role, Section};
use crate::intake::kind::{FileKind, Kind, When};
use crate::intake::value::Text;

const SCENES: &[FileKind] = &[FileKind::Photo, FileKind::Video];

pub(super) fn build() -> FormV1 {
    form(
        Text::new("Personal injury intake", "Formulario de lesiones personales"),
        Text::new("Personal injury", "Lesiones personales"),
        Text::new(
            "We are sorry that you, or somebody close to you, got hurt. Most people need about fifteen minutes. Everything you type is kept on this device, so you may rest and come back.",
            "Sentimos que usted, o alguien cercano, haya resultado herido. La mayoría necesita unos quince minutos. Todo lo que escribe se guarda en este dispositivo: puede descansar y volver."),
        alloc::vec![agree("health-data", true,
            "The firm may read what I tell about health, to look into the claim. I may take this back at any time.",
            "El despacho puede leer lo que cuento sobre la salud para estudiar la reclamación. Puedo retirarlo en cualquier momento.")],
        alloc::vec![people(), contact(), urgent(), incident(), injuries(), losses(), insurance(), witnesses(), papers(), last()],
    )
}

fn people() -> Section {
    let mut fields = own_name();
    fields.extend(alloc::vec![
        ask("for-whom", one_of(&[
            ("me", "For myself", "Para mí"), ("child", "For a child of mine", "Para un hijo o hija"),
            ("adult", "For an adult I care for", "Para un adulto a mi cuidado"), ("died", "For somebody who has died", "Por alguien que ha fallecido"),
        ]), "For whom do you write?", "¿Para quién escribe?").must(),
        ask("hurt-name", Kind::Name, "Full name of the person who was hurt", "Nombre completo de la persona herida").when(not(chose("for-whom", &["me"]))).must().is(Role::OwnName),
        ask("hurt-born", past(), "Their date of birth", "Su fecha de nacimiento").when(not(chose("for-whom", &["me"]))).must(),
        ask("hurt-tie", short(), "How are you related to them?", "¿Qué relación tiene con esa persona?").when(not(chose("for-whom", &["me"]))).must(),
        ask("died-on", past(), "We are very sorry. On which day did they die?", "Lo sentimos mucho. ¿Qué día falleció?").when(chose("for-whom", &["died"])).must().is(Role::Deadline).why(DEADLINE),
        ask("parties", each(["Person or company", "Persona o empresa"], 15, alloc::vec![
            ask("party-name", short(), "Name, as far as you know it", "Nombre, hasta donde lo sepa").must().is(Role::OtherName),
            ask("party-role", one_of(&[
                ("driver", "Driver", "Conductor"), ("owner", "Owner of a vehicle, a place or an animal", "Dueño de un vehículo, lugar o animal"),
                ("employer", "Employer", "Empleador"), ("maker", "Maker or seller of a product", "Fabricante o vendedor de un producto"),
                ("care", "Doctor, hospital or care home", "Médico, hospital o residencia"), ("hurt", "Somebody else who was hurt", "Otra persona herida"),
                ("agency", "Public authority", "Administración pública"), ("other", "Other", "Otro"),
            ]), "Their part in it", "Su papel").must(),
        ]), "Who else was involved?", "¿Quién más estuvo implicado?")
            .help("Also companies, and people you do not blame.", "También empresas, y personas a las que no culpa."),
        ask("lawyers", short(), "Lawyers who have helped you with this before", "Abogados que le han ayudado antes en este asunto").is(Role::OtherName),
    ]);
    page("people", ["Names", "Nombres"],
        ["Only names for now. What happened comes after.", "Por ahora solo nombres. Lo ocurrido viene después."], CONFLICT, fields)
}

fn urgent() -> Section {
    page("urgent", ["Time limits", "Plazos"],
        ["Claims end on a certain day, sometimes within weeks. We read this page first.", "Las reclamaciones caducan, a veces en semanas. Leemos esta página primero."],
        DEADLINE, alloc::vec![
        ask("day-known", Kind::YesNo, "Do you know the exact day it happened?", "¿Sabe el día exacto en que ocurrió?").must()
            .help("Choose no if it built up over time.", "Elija no si se fue produciendo con el tiempo."),
        ask("day", past(), "On which day?", "¿Qué día?").when(yes("day-known")).must().is(Role::Deadline),
        ask("day-about", around(), "About when did it begin?", "¿Cuándo empezó, más o menos?").when(no("day-known")).must().is(Role::Deadline),
        ask("noticed", around(), "When did you first learn that it had made you ill or hurt you?", "¿Cuándo supo por primera vez que le había causado daño?").when(no("day-known")).is(Role::Deadline),
        ask("where", short(), "In which town, region and country?", "¿En qué localidad, región y país?").must(),
        ask("limit", Kind::YesNo, "Has anybody told you of a last day to act?", "¿Le ha dicho alguien una fecha límite para actuar?").must(),
        ask("limit-on", Kind::Date(When::Any), "Which day?", "¿Qué día?").when(yes("limit")).must().is(Role::Deadline),
        ask("sued", Kind::YesNo, "Have you received court papers, or is there a hearing?", "¿Ha recibido documentos judiciales o hay una vista?").must(),
        ask("hearing-on", coming(), "When is the next hearing, or the last day to answer?", "¿Cuándo es la próxima vista o vence el plazo para responder?").when(yes("sued")).is(Role::Deadline),
        ask("pressed", any_of(&[
            ("sign", "Sign a paper", "Firmar un documento"), ("statement", "Give a recorded statement", "Hacer una declaración grabada"),
            ("money", "Accept money", "Aceptar dinero"), ("records", "Release medical records", "Entregar historiales médicos"),
        ]), "Has anybody asked you to do any of this?", "¿Alguien le ha pedido algo de esto?"),
        say("pressed-wait", "If you can, please wait until we have talked.", "Si puede, espere a hablar con nosotros.").when(answered("pressed")),
        ask("pressed-by", Kind::Date(When::Any), "By which day do they want it?", "¿Para qué día lo quieren?").when(answered("pressed")).is(Role::Deadline),
        ask("fading", long(), "Could proof disappear soon?", "¿Podría desaparecer pronto alguna prueba?").why(PROOF)
            .help("A car to be scrapped, a camera that overwrites its film, a floor to be mended.", "Un coche que se va a desguazar, una cámara que borra grabaciones, un suelo que se va a reparar."),
    ])
}

fn incident() -> Section {
    let road = || chose("kind", &["road"]);
    page("incident", ["What happened", "Qué ocurrió"],
        ["As you remember it. Gaps are normal.", "Tal como lo recuerda. Es normal tener lagunas."], FACTS, alloc::vec![
        ask("kind", one_of(&[
            ("road", "On the road", "En la carretera"), ("work", "At work", "En el trabajo"), ("fall", "A fall or unsafe place", "Una caída o un lugar inseguro"),
            ("animal", "A dog or other animal", "Un perro u otro animal"), ("medical", "Medical or nursing care", "Atención médica o de enfermería"),
            ("product", "A product", "Un producto"), ("assault", "Somebody hurt me on purpose", "Alguien me hizo daño a propósito"), ("other", "Something else", "Otra cosa"),
        ]), "What kind of event was it?", "¿Qué tipo de suceso fue?").must(),
        ask("place", Kind::Short(500), "Where exactly?", "¿Dónde exactamente?").help("Street, crossing, shop, ward.", "Calle, cruce, tienda, planta del hospital."),
        ask("time", short(), "At about what time?", "¿A qué hora, más o menos?"),
        ask("story", story(), "What happened, in your own words?", "¿Qué ocurrió, con sus palabras?").must()
            .help("What came before, what you saw and heard, what came after. If it is hard to write, a few words are enough.", "Qué pasó antes, qué vio y oyó, qué pasó después. Si le cuesta escribirlo, bastan unas palabras."),
        ask("road-as", one_of(&[
            ("driver", "Driver", "Conductor"), ("passenger", "Passenger", "Pasajero"), ("foot", "On foot", "A pie"),
            ("cycle", "On a bicycle or scooter", "En bicicleta o patinete"), ("motorcycle", "On a motorcycle", "En motocicleta"), ("bus", "On a bus or train", "En autobús o tren"),
        ]), "How did you travel?", "¿Cómo viajaba?").when(road()).must(),
        ask("belt", Kind::YesNo, "Did you wear a seat belt or helmet?", "¿Llevaba cinturón o casco?").when(chose("road-as", &["driver", "passenger", "cycle", "motorcycle"])),
        ask("vehicles", each(["Vehicle", "Vehículo"], 8, alloc::vec![
            ask("vehicle-what", short(), "Make, model, colour", "Marca, modelo, color").must(),
            ask("vehicle-plate", Kind::Short(40), "Number plate", "Matrícula"),
            ask("vehicle-driver", short(), "Who drove it?", "¿Quién lo conducía?").is(Role::OtherName).why(CONFLICT),
            ask("vehicle-now", short(), "Where is it now?", "¿Dónde está ahora?").why(PROOF),
        ]), "Vehicles", "Vehículos").when(road()),
        ask("work-employer", short(), "Your employer then", "Su empleador entonces").when(chose("kind", &["work"])).must().is(Role::OtherName).why(CONFLICT),
        ask("work-told", Kind::YesNo, "Did you report it to your employer?", "¿Lo comunicó a su empleador?").when(chose("kind", &["work"])).must(),
        ask("work-told-on", past(), "On which day?", "¿Qué día?").when(yes("work-told")).is(Role::Deadline).why(DEADLINE),
        ask("fall-cause", long(), "What made the place unsafe, and had anybody complained before?", "¿Qué hacía inseguro el lugar? ¿Alguien se había quejado antes?").when(chose("kind", &["fall"])),
        ask("fall-told", short(), "Whom did you tell on the spot?", "¿A quién avisó en el lugar?").when(chose("kind", &["fall"])),
        ask("animal-owner", short(), "Whose animal was it?", "¿De quién era el animal?").when(chose("kind", &["animal"])).is(Role::OtherName).why(CONFLICT),
        ask("care-where", short(), "Which doctor, hospital or home?", "¿Qué médico, hospital o residencia?").when(chose("kind", &["medical"])).must().is(Role::OtherName).why(CONFLICT),
        ask("care-for", long(), "What were you treated for, and what do you think went wrong?", "¿De qué le trataban y qué cree que salió mal?").when(chose("kind", &["medical"])).why(HEALTH).covered(),
        ask("product-what", short(), "Which product, and where was it bought?", "¿Qué producto y dónde se compró?").when(chose("kind", &["product"])).must(),
        ask("product-kept", Kind::YesNo, "Do you still have it?", "¿Lo conserva?").when(chose("kind", &["product"])).why(PROOF)
            .help("Please keep it as it is, with its packaging.", "Consérvelo tal como está, con su embalaje."),
        ask("assault-safe", Kind::YesNo, "Are you safe from this person now?", "¿Está ahora a salvo de esa persona?").when(chose("kind", &["assault"])).why(SAFETY).covered(),
        ask("police", Kind::YesNo, "Was it reported to the police or an authority?", "¿Se denunció a la policía o a una autoridad?").must(),
        ask("police-ref", short(), "Which one, and the number of the report", "¿A cuál, y número del informe?").when(yes("police")),
        ask("blame", long(), "Who do you think is responsible, and why?", "¿Quién cree que es responsable y por qué?"),
    ])
}

fn injuries() -> Section {
    page("injuries", ["Injuries and treatment", "Lesiones y tratamiento"],
        ["If you are filling this in for somebody else, answer for them.", "Si lo rellena por otra persona, responda por ella."], HEALTH, alloc::vec![
        ask("parts", any_of(&[
            ("head", "Head or face", "Cabeza o cara"), ("neck", "Neck", "Cuello"), ("back", "Back or spine", "Espalda o columna"),
            ("chest", "Chest or belly", "Pecho o abdomen"), ("arm", "Shoulder, arm or hand", "Hombro, brazo o mano"), ("leg", "Hip, leg or foot", "Cadera, pierna o pie"),
            ("inner", "Organs or illness", "Órganos o enfermedad"), ("mind", "Mind: fear, sleep, low mood", "Ánimo: miedo, sueño, tristeza"),
        ]), "What was hurt?", "¿Qué resultó dañado?").must(),
        ask("injury", long(), "What did the doctors say it is?", "¿Qué dijeron los médicos que es?").covered(),
        ask("fainted", Kind::YesNo, "Did you lose consciousness or memory?", "¿Perdió el conocimiento o la memoria?").when(chose("parts", &["head", "neck"])),
        ask("seen", Kind::YesNo, "Have you seen a doctor about it?", "¿Le ha visto un médico?").must(),
        say("seen-please", "Please see one soon, for your health first; it is also proof.", "Por favor, acuda pronto a uno: ante todo por su salud, y también como prueba.").when(no("seen")),
        ask("treated", each(["Doctor or hospital", "Médico u hospital"], 15, alloc::vec![
            ask("treated-by", short(), "Name and town", "Nombre y localidad").must().is(Role::OtherName),
            ask("treated-kind", one_of(&[
                ("emergency", "Ambulance or emergency room", "Ambulancia o urgencias"), ("hospital", "Hospital stay or operation", "Ingreso u operación"),
                ("doctor", "Doctor", "Médico"), ("therapy", "Physiotherapy or other therapy", "Fisioterapia u otra terapia"), ("mental", "Psychologist", "Psicólogo"), ("other", "Other", "Otro"),
            ]), "What kind?", "¿De qué tipo?").must(),
            ask("treated-from", around(), "First visit", "Primera visita"),
            ask("treated-still", Kind::YesNo, "Do you still go there?", "¿Sigue acudiendo?"),
        ]), "Who has treated you?", "¿Quién le ha tratado?").when(yes("seen")).must(),
        ask("now", one_of(&[
            ("well", "I have recovered", "Me he recuperado"), ("better", "Getting better", "Estoy mejorando"), ("same", "No change", "Sin cambios"),
            ("worse", "Getting worse", "Estoy empeorando"), ("lasting", "Doctors say some of it will stay", "Los médicos dicen que quedarán secuelas"),
        ]), "How is it now?", "¿Cómo está ahora?").when(not(chose("for-whom", &["died"]))),
        ask("daily", long(), "What can you no longer do, or only with pain?", "¿Qué ya no puede hacer, o solo con dolor?")
            .help("Sleep, housework, children, sport, driving.", "Dormir, tareas de casa, hijos, deporte, conducir.").when(not(chose("for-whom", &["died"]))),
        ask("earlier", Kind::YesNo, "Were the same parts hurt or treated before?", "¿Esas partes estuvieron dañadas o en tratamiento antes?").must()
            .help("It seldom ends a claim; surprises do.", "Rara vez impide reclamar; las sorpresas, sí."),
        ask("earlier-what", long(), "What was it, and when?", "¿Qué fue y cuándo?").when(yes("earlier")).must().covered(),
    ])
}

fn losses() -> Section {
    page("losses", ["What it has cost you", "Lo que le ha costado"],
        ["Rough figures are fine, in your own currency.", "Bastan cifras aproximadas, en su moneda."], MONEY, alloc::vec![
        ask("missed", Kind::YesNo, "Have you missed work or income?", "¿Ha perdido trabajo o ingresos?").must(),
        ask("employer", short(), "Employer or business", "Empleador o negocio").when(yes("missed")).is(Role::OtherName).why(CONFLICT),
        ask("job", short(), "What is your work?", "¿En qué trabaja?").when(yes("missed")),
        ask("days-missed", count(10_000), "How many working days so far?", "¿Cuántos días laborables hasta ahora?").when(yes("missed")).must(),
        ask("pay", money(), "Your pay each month, before tax", "Su sueldo mensual bruto").when(yes("missed")).covered(),
        ask("back", one_of(&[
            ("yes", "Yes, as before", "Sí, como antes"), ("less", "Yes, but less or other work", "Sí, pero menos o en otro puesto"), ("no", "Not yet", "Todavía no"), ("never", "I cannot go back", "No puedo volver"),
        ]), "Are you back at work?", "¿Ha vuelto al trabajo?").when(yes("missed")),
        ask("bills", money(), "Medical bills so far", "Gastos médicos hasta ahora"),
        ask("bills-paid", any_of(&[
            ("me", "I did", "Yo"), ("health", "Health insurance or public health service", "Seguro médico o sanidad pública"), ("auto", "A vehicle insurer", "Seguro del vehículo"),
            ("work", "Work injury insurance", "Seguro de accidentes laborales"), ("unpaid", "Some are unpaid", "Algunos están sin pagar"),
        ]), "Who has paid them?", "¿Quién los ha pagado?"),
        ask("damage", money(), "Damage to your car or other things", "Daños en su coche u otras cosas"),
        ask("help-paid", long(), "Other costs", "Otros gastos").help("Travel, medicines, help at home, child care.", "Viajes, medicinas, ayuda en casa, cuidado de hijos."),
        ask("dependants", long(), "Who depended on the person who died?", "¿Quién dependía de la persona fallecida?").when(chose("for-whom", &["died"])).must(),
    ])
}

fn insurance() -> Section {
    page("insurance", ["Insurance", "Seguros"],
        ["Yours and theirs. A photo of the card will do; you can add it later on.", "Los suyos y los de la otra parte. Basta una foto de la tarjeta; puede añadirla más adelante."],
        MONEY, alloc::vec![
        ask("policies", each(["Insurer", "Aseguradora"], 12, alloc::vec![
            ask("insurer", short(), "Name of the insurer", "Nombre de la aseguradora").must().is(Role::OtherName).why(CONFLICT),
            ask("insurer-side", one_of(&[("mine", "Mine or my family’s", "Mía o de mi familia"), ("theirs", "The other side’s", "De la otra parte"), ("work", "My employer’s", "De mi empleador")]), "Whose is it?", "¿De quién es?").must(),
            ask("insurer-kind", one_of(&[
                ("vehicle", "Vehicle", "Vehículo"), ("health", "Health", "Salud"), ("home", "Home or liability", "Hogar o responsabilidad civil"),
                ("work", "Work injury", "Accidente laboral"), ("legal", "Legal costs", "Defensa jurídica"), ("other", "Other", "Otro"),
            ]), "For what?", "¿De qué tipo?").must(),
            ask("policy", Kind::Short(80), "Policy number", "Número de póliza").covered(),
            ask("claim", Kind::Short(80), "Claim number", "Número de siniestro"),
            ask("adjuster", short(), "Who deals with it there, and how to reach them", "Quién lo lleva allí y cómo contactarle"),
        ]), "Insurers", "Aseguradoras"),
        ask("told-insurer", Kind::YesNo, "Have you told an insurer what happened?", "¿Ha contado a una aseguradora lo ocurrido?").must(),
        ask("recorded", Kind::YesNo, "Was it recorded or written down?", "¿Se grabó o se puso por escrito?").when(yes("told-insurer")),
        ask("offered", Kind::YesNo, "Has anybody offered or paid you money?", "¿Alguien le ha ofrecido o pagado dinero?").must(),
        ask("offer", money(), "How much?", "¿Cuánto?").when(yes("offered")).must(),
        ask("signed", Kind::YesNo, "Have you signed anything about it?", "¿Ha firmado algo al respecto?").must(),
        ask("signed-what", long(), "What did you sign, and when?", "¿Qué firmó y cuándo?").when(yes("signed")).must(),
    ])
}

fn witnesses() -> Section {
    page("witnesses", ["Witnesses", "Testigos"],
        ["People who saw it, came to help, or know you before and after.", "Quienes lo vieron, acudieron a ayudar o le conocen de antes y después."], PROOF, alloc::vec![
        ask("seen-by", each(["Witness", "Testigo"], 15, alloc::vec![
            ask("witness-name", short(), "Name", "Nombre").must().is(Role::OtherName).why(CONFLICT),
            ask("witness-phone", Kind::Phone, "Telephone", "Teléfono"),
            ask("witness-email", Kind::Email, "E-mail", "Correo electrónico"),
            ask("witness-what", long(), "What do they know?", "¿Qué sabe?"),
        ]), "Each witness", "Cada testigo"),
        ask("cameras", long(), "Were there cameras nearby?", "¿Había cámaras cerca?").help("Shops, doorbells, dashboards, buses.", "Tiendas, timbres, coches, autobuses."),
    ])
}

fn papers() -> Section {
    page("papers", ["Photos and papers", "Fotos y documentos"],
        ["Whatever you have at hand. More can follow later.", "Lo que tenga a mano. Puede enviar más después."], PROOF, alloc::vec![
        ask("scene", files(SCENES, "From afar and from near. Please send the originals, not screenshots.", "De lejos y de cerca. Envíe los originales, no capturas de pantalla."), "Photos and videos of the scene and the damage", "Fotos y vídeos del lugar y de los daños"),
        ask("wounds", files(SCENES, "With the day they were taken, if you know it.", "Con el día en que se tomaron, si lo sabe."), "Photos of the injuries", "Fotos de las lesiones").why(HEALTH),
        ask("report", files(PAPERS, "Police, work accident or incident report.", "Informe policial, de accidente laboral o de incidencia."), "Police or accident report", "Informe policial o de accidente")
            .when(either(alloc::vec![yes("police"), chose("kind", &["road", "work", "fall"])])),
        ask("medical-papers", files(PAPERS, "Discharge letters, findings, bills, receipts.", "Informes de alta, diagnósticos, facturas, recibos."), "Medical letters and bills", "Informes y facturas médicas").when(yes("seen")).why(HEALTH),
        ask("card", files(&[FileKind::Photo, FileKind::Pdf], "Front and back.", "Por delante y por detrás."), "Insurance cards and letters", "Tarjetas y cartas de los seguros"),
        ask("pay-papers", files(PAPERS, "Three months before and everything since.", "Tres meses antes y todo lo posterior."), "Pay stubs", "Nóminas").when(yes("missed")).why(MONEY),
        ask("court-papers", files(PAPERS, "All pages, also the envelope.", "Todas las páginas, y el sobre."), "Court papers", "Documentos judiciales").when(yes("sued")).why(DEADLINE),
        ask("signed-papers", files(PAPERS, "Even if you only have a photo.", "Aunque solo tenga una foto."), "What you signed or were offered", "Lo que firmó o le ofrecieron").when(either(alloc::vec![yes("signed"), yes("offered")])),
        ask("death-papers", files(PAPERS, "Death certificate, will, proof of kinship.", "Certificado de defunción, testamento, prueba de parentesco."), "Papers about the person who died", "Documentos de la persona fallecida").when(chose("for-whom", &["died"])),
        ask("other-papers", files(&[], "Any kind of file.", "Cualquier tipo de archivo."), "Anything else", "Cualquier otra cosa"),
    ])
}

fn last() -> Section {
    page("last", ["Last questions", "Últimas preguntas"],
        ["Until we have talked, please post nothing about it online and throw nothing away.", "Hasta que hablemos, no publique nada en internet y no tire nada."], FACTS, alloc::vec![
        ask("claims", Kind::YesNo, "Have you made a claim for another injury before?", "¿Ha reclamado antes por otra lesión?").must(),
        ask("claims-what", long(), "When, for what, and how did it end?", "¿Cuándo, por qué y cómo terminó?").when(yes("claims")).must(),
        ask("insolvent", Kind::YesNo, "Are you in bankruptcy or a similar procedure?", "¿Está en concurso o un procedimiento similar?").why(MONEY).covered(),
        ask("outcome", long(), "What would help you most?", "¿Qué le ayudaría más?"),
        ask("else", long(), "Is there anything we did not ask?", "¿Hay algo que no le hayamos preguntado?"),
    ])
}
