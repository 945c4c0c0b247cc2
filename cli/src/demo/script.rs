//! What each client answers: by the id of the question, in the plain form that [`super::answers`]
//! turns into the answer that the question's kind takes.

use super::cast::{Case, Client, Practice};

/// What is said to some questions, by their ids.
pub type Said = Vec<(&'static str, String)>;

/// Answers by field, and items by group.
pub struct Script {
    says: Said,
    items: Vec<(&'static str, Vec<Said>)>,
}

impl Script {
    /// What is said to a question.
    #[must_use]
    pub fn says(&self, field: &str) -> Option<&str> {
        self.says.iter().find(|(id, _)| *id == field).map(|(_, said)| said.as_str())
    }

    /// The items of a group.
    #[must_use]
    pub fn items(&self, group: &str) -> Option<&[Said]> {
        self.items.iter().find(|(id, _)| *id == group).map(|(_, items)| items.as_slice())
    }

    /// The script of a case.
    #[must_use]
    pub fn of(case: &Case, client: &Client) -> Self {
        let mut script = Self { says: common(case, client), items: Vec::new() };
        match case.practice {
            Practice::Family => script.family(case, client),
            Practice::Injury => script.injury(case, client),
        }
        script
    }

    fn say(&mut self, pairs: &[(&'static str, &str)]) {
        self.says.extend(pairs.iter().map(|(id, said)| (*id, (*said).to_owned())));
    }

    fn each(&mut self, group: &'static str, items: &[&[(&'static str, &str)]]) {
        let owned = |item: &&[(&'static str, &str)]| {
            item.iter().map(|(id, said)| (*id, (*said).to_owned())).collect()
        };
        self.items.push((group, items.iter().map(owned).collect()));
    }

    fn family(&mut self, case: &Case, client: &Client) {
        let other = case.other.replacen(' ', "|", 1);
        let afraid = if case.title.contains("Protective") { "yes" } else { "no" };
        let parents = case.title.contains("child")
            || case.title.contains("ustody")
            || case.title.contains("daughter");
        let topics = match case.title {
            title if title.contains("Divorce") => "divorce,property",
            title if title.contains("Prenuptial") => "agreement",
            title if title.contains("support") => "child-support,change",
            title if title.contains("Protective") => "protection,children",
            title if title.contains("Guardianship") => "adoption",
            title if title.contains("daughter") => "children",
            _ => "agreement,property",
        };
        let status = match case.title {
            title if title.contains("Prenuptial") => "together",
            title if title.contains("Guardianship") => "never",
            title if title.contains("support") => "apart",
            _ => "married",
        };
        self.say(&[
            ("partner", &other),
            ("partner-born", "1983"),
            ("danger", "no"),
            ("afraid", afraid),
            ("served", "no"),
            ("hearing", "no"),
            ("taken", "no"),
            ("hiding", "no"),
            ("topics", topics),
            ("story", case.story),
            ("case", "no"),
            ("status", status),
            ("began", "2014-06"),
            ("began-where", "Austin, United States"),
            ("living", "apart"),
            ("separated", "2026-04"),
            ("contract", "no"),
            ("before", "no"),
            ("has-children", if parents { "yes" } else { "no" }),
            ("care-now", "The week with me, every second weekend with the other parent."),
            ("care-wish", "Calm, one school, and both of us at the birthdays."),
            ("care-agree", "partly"),
            ("child-agency", "no"),
            ("moving", "no"),
            ("harm", if afraid == "yes" { "threats,watch" } else { "" }),
            ("harm-last", "2026-10"),
            ("order", "no"),
            ("safe-place", "yes"),
            ("knows", "no"),
            ("work", "employed"),
            ("employer", client.employer),
            ("income", "462000"),
            ("partner-work", "Site manager"),
            ("partner-income", "518000"),
            ("home-pays", "We both pay half of the mortgage."),
            ("fees", "no"),
            ("outcome", "An agreement that we can both live with, before the summer."),
            ("way", "agree"),
            ("worry", "That it takes long and the children notice."),
        ]);
        self.each(
            "kids",
            &[
                &[
                    ("kid-name", "Nora|"),
                    ("kid-born", "2016-08-03"),
                    ("kid-parents", "both"),
                    ("kid-lives", "me"),
                ],
                &[
                    ("kid-name", "Leo|"),
                    ("kid-born", "2019-02-14"),
                    ("kid-parents", "both"),
                    ("kid-lives", "me"),
                    ("kid-needs", "Speech therapy on Tuesdays."),
                ],
            ],
        );
        self.each(
            "assets",
            &[
                &[
                    ("asset-kind", "home"),
                    ("asset-what", "The house we live in"),
                    ("asset-worth", "48500000"),
                    ("asset-whose", "both"),
                ],
                &[
                    ("asset-kind", "vehicle"),
                    ("asset-what", "Car, 2021"),
                    ("asset-worth", "1650000"),
                    ("asset-whose", "me"),
                ],
            ],
        );
        self.each(
            "debts",
            &[&[
                ("debt-what", "Mortgage, First Prairie Bank"),
                ("debt-left", "21340000"),
                ("debt-whose", "both"),
            ]],
        );
    }

    fn injury(&mut self, case: &Case, client: &Client) {
        let kind = match case.title {
            title if title.contains("ollision") => "road",
            title if title.contains("scaffold") => "work",
            title if title.contains("Hip") => "medical",
            title if title.contains("Dog") => "animal",
            title if title.contains("rope") || title.contains("Boat") => "product",
            _ => "fall",
        };
        self.say(&[
            ("for-whom", "me"),
            ("day-known", "yes"),
            ("day", "2026-09-16"),
            ("where", "Austin, Texas, United States"),
            ("limit", "no"),
            ("sued", "no"),
            (
                "fading",
                "There is a camera above the entrance; I do not know how long they keep it.",
            ),
            ("kind", kind),
            ("place", "See the photos; I have marked the spot."),
            ("time", "About 8:20 in the morning"),
            ("story", case.story),
            ("road-as", "driver"),
            ("belt", "yes"),
            ("work-employer", client.employer),
            ("work-told", "yes"),
            ("work-told-on", "2026-09-16"),
            ("fall-cause", "The paving was broken, and a neighbour had complained."),
            ("animal-owner", case.other),
            ("care-where", case.other),
            ("care-for", "A planned operation. The infection was not looked at in time."),
            ("product-what", case.other),
            ("product-kept", "yes"),
            ("police", "yes"),
            ("police-ref", "Austin Police, report 26-2591147"),
            ("blame", case.other),
            ("parts", "neck,back,arm"),
            ("injury", "Whiplash, and a bruised shoulder. An MRI is planned."),
            ("seen", "yes"),
            ("fainted", "no"),
            ("now", "better"),
            ("daily", "I cannot lift my child, and I sleep badly."),
            ("earlier", "no"),
            ("missed", "yes"),
            ("employer", client.employer),
            ("job", "Team lead"),
            ("days-missed", "14"),
            ("pay", "438000"),
            ("back", "less"),
            ("bills", "871545"),
            ("bills-paid", "health,unpaid"),
            ("damage", "620000"),
            ("told-insurer", "yes"),
            ("recorded", "no"),
            ("offered", "no"),
            ("signed", "no"),
            ("cameras", "One above the entrance."),
            ("claims", "no"),
            ("insolvent", "no"),
            ("outcome", "That the bills are paid and my work is safe."),
        ]);
        self.each("parties", &[&[("party-name", case.other), ("party-role", "other")]]);
        self.each(
            "vehicles",
            &[&[
                ("vehicle-what", "Blue estate car, 2019"),
                ("vehicle-plate", "KXR 4471"),
                ("vehicle-now", "At the repair shop on Burnet Road"),
            ]],
        );
        self.each(
            "treated",
            &[
                &[
                    ("treated-by", "St. Brendan's Hospital, Austin"),
                    ("treated-kind", "emergency"),
                    ("treated-from", "2026-09-16"),
                    ("treated-still", "no"),
                ],
                &[
                    ("treated-by", "Dr. Ines Ferrara, Austin"),
                    ("treated-kind", "doctor"),
                    ("treated-from", "2026-09-21"),
                    ("treated-still", "yes"),
                ],
            ],
        );
        self.each(
            "policies",
            &[&[
                ("insurer", "Prairie Mutual"),
                ("insurer-side", "mine"),
                ("insurer-kind", "health"),
                ("policy", "PM-4471-209"),
            ]],
        );
        self.each(
            "seen-by",
            &[&[
                ("witness-name", "Ruth Calloway"),
                ("witness-phone", "+1 512 555 0288"),
                ("witness-what", "She stood right beside it."),
            ]],
        );
    }
}

fn common(case: &Case, client: &Client) -> Said {
    let [street, city, region, code] = client.home;
    let name = format!("{}|{}", client.given, client.family);
    let home = format!("{street}|{city}|{region}|{code}|United States");
    let safe = !case.title.contains("Protective");
    let yes = |is: bool| if is { "yes" } else { "no" }.to_owned();
    vec![
        ("name", name),
        ("called", client.given.to_owned()),
        ("born", client.born.to_owned()),
        ("phone", client.phone.to_owned()),
        ("may-call", yes(safe)),
        ("voicemail", "yes".into()),
        ("if-answered", "neutral".into()),
        ("texts", yes(safe)),
        ("email", client.email.to_owned()),
        ("email-private", "yes".into()),
        ("address", home.clone()),
        ("address-secret", yes(!safe)),
        ("post-safe", yes(safe)),
        ("post-to", home),
        ("best-way", if safe { "email" } else { "portal" }.into()),
        ("best-time", "Weekdays after 4 pm".into()),
        ("language", "English".into()),
    ]
}
