"""The words that the invented unit is made of. No person, street, plate or number here is anybody's.

Surnames are joined from parts that no family bears; telephones lie in Ofcom's range for drama.
"""

from __future__ import annotations

OFFICERS = ("PC Vale", "PC Oakes", "PC Linden", "DC Thorne", "PS Marlow")
PARTNERS = ("outreach van", "A Way Out", "housing team")
SECTORS = ("Old Wharf", "Tannery Row", "Kiln Lane", "Ropewalk", "Glassworks")
PLACES = ("street", "street", "street", "car_park", "industrial", "alley", "service", "outreach_van")

STREET_NAMES = (
    *("Bee", "Red", "Dolly", "Socks", "Blue", "Twiggy", "Scarf", "Pixie", "Biscuit", "Boots"),
    *("Curly", "Sunny", "Bobbin", "Mitten", "Treacle", "Button", "Pepper", "Wren"),
)
AGE_BANDS = ("18-24", "25-34", "25-34", "35-44", "35-44", "45-54", "unknown")
SAFE_CONTACTS = ("in_person", "text_only", "call_daytime", "through_service")

NEEDS = (
    *("housing", "housing", "drugs", "drugs", "alcohol", "mental_health", "physical_health"),
    *("sexual_health", "violence", "debt", "benefits", "food", "phone", "exit"),
)
SERVICES = {
    "housing": "housing",
    "drugs": "drug_service",
    "alcohol": "drug_service",
    "mental_health": "mental_health",
    "sexual_health": "sexual_health",
    "physical_health": "gp",
    "violence": "isva",
    "debt": "debt_advice",
    "benefits": "debt_advice",
    "food": "food_bank",
    "exit": "a_way_out",
}
TOLD = (
    "Spoke for ten minutes. Tired, cold, glad of the flask. No injuries seen.",
    "In good spirits. Asked after the drop-in times; told her Tuesdays and Fridays.",
    "Would like to stop but not yet. Agreed that we look in again next week.",
    "Says it is quiet tonight. Safety talk: keep with a friend, keep the phone charged.",
    "Worried about a car that keeps coming round. Took an alarm and a card.",
    "Has not eaten since yesterday. Food parcel given, appointment offered.",
    "Sleeping on a friend's sofa. Wants somewhere of her own before the winter.",
    "Has kept all her appointments this month and is pleased about it.",
    "Asked what happens if she reports. Explained the choices; no pressure put.",
    "Feels safer since the patrols. Will wave us down if the man comes back.",
)
NOT_SPOKEN = {
    "seen_only": "Seen from the car, in company; not approached.",
    "attempted": "Tried to speak; she was on the telephone and walked on.",
    "declined": "Did not wish to talk tonight. Card offered.",
    "nil_patrol": "Nobody out. All sectors walked.",
}
TASKS = (
    "ring about the bed space",
    "bring the alarm she asked for",
    "tell her what came of the report",
    "check that the appointment was kept",
    "look in at the drop-in",
    "ask again about the statement",
)

BEHAVIOURS = {
    "follows": "soa51a",
    "refuse_pay": "fraud_nonpay",
    "takes_back_money": "robbery",
    "threatens": "ttk",
    "assaults": "s47",
    "strangles": "strang",
    "lock_in_car": "falseimp",
    "drives_off_area": "falseimp",
    "films": "soa67",
    "robs": "robbery",
    "sexual_assault": "soa3",
    "stalks": "stalk4a",
}

GIVEN_NAMES = {
    "Gary": "Gaz",
    "Darren": "Daz",
    "Kevin": "Kev",
    "Stephen": "Stevo",
    "Anthony": "Tone",
    "Terence": "Tel",
    "Barry": "Baz",
    "Robert": "Robbo",
    "Michael": "Mick",
    "Shaun": "Shaz",
    "Craig": "",
    "Lee": "",
    "Dean": "Deano",
    "Wayne": "",
    "Carl": "",
    "Keith": "",
    "Neil": "",
    "Graham": "",
    "Trevor": "Trev",
    "Philip": "Phil",
}
SURNAME_STARTS = (
    *("Brack", "Thorl", "Hask", "Wend", "Skel", "Marr", "Grim", "Ulver", "Cald", "Fenn"),
    *("Osk", "Rathe", "Tarn", "Yelver", "Dunk", "Plover", "Stang", "Whin", "Lorn", "Krag"),
)
SURNAME_ENDS = ("omby", "erswick", "anshaw", "ingthwaite", "elholm", "adrigg", "umsett", "ithorpe")
NICKNAMES = ("the Milkman", "Smudge", "Sailor", "Moose", "the Collector", "Beans", "Chopper", "Sparky")

BUILDS = ("slim", "slim", "medium", "medium", "medium", "stocky", "stocky", "heavy", "muscular")
HAIR = ("short brown", "short dark", "bald", "shaved", "receding grey", "grey", "ginger", "fair", "black")
FACES = ("clean shaven", "clean shaven", "stubble", "beard", "goatee", "moustache")
ACCENTS = ("teesside", "teesside", "teesside", "geordie", "durham", "yorkshire", "scots", "midlands")
APPEARANCES = ("IC1", "IC1", "IC1", "IC1", "IC2", "IC3", "IC4", "IC6")
MARKS = (
    "spider tattoo left hand",
    "scar right cheek",
    "gold front tooth",
    "walks with a limp",
    "swallow tattoo on neck",
    "missing tip of left index finger",
    "thick glasses",
    "stud in left ear",
    "burn scar on forearm",
    "anchor tattoo right forearm",
    "stammer",
    "cauliflower ear",
)
MANNERS = {
    "refuse_pay": "refuses to pay afterwards",
    "takes_back_money": "demands his money back and becomes violent",
    "follows": "follows women as they walk home",
    "drives_off_area": "locks the doors and drives off the area",
    "films": "films on his telephone without asking",
    "strangles": "puts his hands round the throat",
    "threatens": "threatens to come back with others",
    "police_impersonation": "says that he is a police officer",
    "rough": "polite at first, then rough",
    "repeat": "comes round the same streets every night",
}
CARS = (
    ("Vauxhall", "Astra", "hatchback"),
    ("Vauxhall", "Corsa", "hatchback"),
    ("Vauxhall", "Vivaro", "van_panel"),
    ("Ford", "Fiesta", "hatchback"),
    ("Ford", "Focus", "estate"),
    ("Ford", "Transit", "van_panel"),
    ("Volkswagen", "Golf", "hatchback"),
    ("Volkswagen", "Caddy", "van_small"),
    ("Toyota", "Avensis", "saloon"),
    ("Skoda", "Octavia", "estate"),
    ("Nissan", "Qashqai", "suv_4x4"),
    ("Peugeot", "206", "hatchback"),
    ("Renault", "Clio", "hatchback"),
    ("Honda", "Civic", "hatchback"),
)
COLOURS = ("silver", "silver", "black", "black", "white", "grey", "grey", "blue", "red", "green", "maroon")
CAR_MARKS = ("dent in rear wing", "roof bars", "child seat in the back", "cracked rear light", "loud exhaust")
SEEN = (
    "Parked up with the engine running.",
    "Third time round in half an hour.",
    "Drove off when the patrol turned in.",
    "Talking through the window; moved on.",
)
