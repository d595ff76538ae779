"""What people call things and colours: everyday words, codes behind them.

The public search finds by these, in German and English. A word may mean several kinds: whoever
misses a „Tasche“ wants to see handbags, too. Compounds need no entry of their own where their last
part has one: „Lederrucksack“ is a Rucksack.
"""

from __future__ import annotations

from lostfound.catalogue import Colour

KIND_WORDS: dict[str, str] = {
    "keys": """schlüssel schlüsselbund schlüsselring schlüsselanhänger schlüsseletui schlüsseltasche
        schlüsselband lanyard key keys keyring""",
    "car_key": """autoschlüssel schlüssel klappschlüssel funkschlüssel zündschlüssel
        fahrzeugschlüssel motorradschlüssel rollerschlüssel key keys carkey""",
    "phone": """handy mobiltelefon smartphone telefon händi natel mobilfunkgerät iphone phone mobile
        mobilephone cellphone handyhülle""",
    "tablet": "tablet ipad ebookreader ereader kindle tolino tab",
    "laptop": "laptop notebook macbook computer rechner netbook ultrabook chromebook pc",
    "camera": """kamera fotoapparat fotokamera digitalkamera spiegelreflex camcorder objektiv gopro
        camera""",
    "memory": """stick usbstick speicherstick speicherkarte sdkarte festplatte datenträger
        memorystick""",
    "headphones": """kopfhörer ohrhörer ohrstöpsel headset airpods earbuds earpods inears ladeschale
        headphones earphones stöpsel""",
    "electronics": """gerät elektrogerät ladegerät ladekabel netzteil powerbank mp3player konsole
        spielkonsole gameboy lautsprecher bluetoothbox navi taschenrechner rasierer drohne
        fernbedienung diktiergerät ebookreader ereader device charger""",
    "purse": """geldbörse geldbeutel portemonnaie portmonee portmonnaie portmonaie portemonaie
        portmonai brieftasche börse geldtasche kartenetui geldklammer geldmappe geldsäckel wallet
        purse billfold""",
    "cash": "bargeld geld geldschein geldscheine scheine münzen banknote kleingeld cash money",
    "backpack": """rucksack schulranzen ranzen tornister schultasche backpack kraxe
        turnrucksack""",
    "handbag": """handtasche umhängetasche schultertasche clutch damentasche henkeltasche tasche
        täschchen crossbody shopper handbag bag""",
    "bag": """tasche beutel stoffbeutel jutebeutel tüte turnbeutel sportbeutel umhängetasche shopper
        kulturbeutel kosmetiktasche kulturtasche aktentasche bauchtasche gürteltasche hüfttasche
        reisetasche korb einkaufskorb bag""",
    "suitcase": """koffer trolley reisetasche gepäck gepäckstück reisegepäck suitcase luggage""",
    "identity_paper": """ausweis personalausweis perso reisepass pass führerschein lappen
        aufenthaltstitel dienstausweis schülerausweis studentenausweis schwerbehindertenausweis
        passport licence license""",
    "foreign_paper": "ausweis reisepass pass passport",
    "card": """karte bankkarte eckarte girokarte kreditkarte krankenkassenkarte gesundheitskarte
        versichertenkarte visakarte mastercard kundenkarte card""",
    "ticket": """fahrkarte monatskarte jahreskarte ticket deutschlandticket schülerticket fahrschein
        eintrittskarte dauerkarte bahncard busfahrkarte abokarte""",
    "document": """dokument papiere unterlagen ordner mappe zeugnis urkunde brief impfpass foto
        fotos fotografie schriftstück vertrag paper document""",
    "jacket": """jacke mantel anorak parka weste blouson sakko blazer jackett cape poncho jacket
        coat""",
    "headwear": """mütze hut schal handschuh handschuhe fäustling fäustlinge cap kappe käppi basecap
        stirnband tuch halstuch beanie schirmmütze kopftuch schlauchschal loop hat scarf gloves""",
    "clothing": """kleidung kleidungsstück pullover pulli hoodie hose jeans shirt tshirt kleid rock
        bluse hemd socke socken strumpf gürtel badehose bademantel badeanzug bikini trikot
        sweatshirt strickjacke krawatte fliege leggings overall schneeanzug unterwäsche strumpfhose
        sweater clothes trousers""",
    "shoes": """schuh schuhe stiefel sandale sandalen sneaker turnschuh latschen badelatschen
        flipflops pantoffel pantoffeln clogs stiefelette slipper pumps shoe shoes boots""",
    "bicycle": """fahrrad rad räder damenrad herrenrad kinderrad mountainbike mtb rennrad bmx
        drahtesel velo bike bicycle klapprad tandem lastenrad laufrad citybike""",
    "ebike": "ebike pedelec elektrofahrrad elektrorad fahrrad rad räder bike lastenrad",
    "scooter": """roller tretroller escooter scooter kickboard cityroller laufrad dreirad bobbycar
        skateboard longboard einrad waveboard""",
    "pram": """kinderwagen buggy kindersitz fahrradanhänger anhänger babyschale autositz bollerwagen
        maxicosi babytrage pram stroller pushchair""",
    "helmet": "helm fahrradhelm motorradhelm skihelm reithelm kletterhelm helmet",
    "glasses": """brille lesebrille gleitsichtbrille brillenetui sehhilfe etui glasses
        spectacles""",
    "sunglasses": "sonnenbrille brille sunglasses glasses",
    "hearing_aid": "hörgerät hörhilfe hörapparat hearingaid",
    "walking_aid": """rollator gehstock krücke krücken gehhilfe rollstuhl gehstütze
        unterarmgehstütze stock gehwagen blindenstock prothese spazierstock orthese wheelchair
        crutch""",
    "jewellery": """schmuck ring kette halskette armband ohrring ohrringe anhänger ehering trauring
        verlobungsring brosche armreif collier creole creolen ohrstecker medaillon kettchen piercing
        perlenkette schmuckstück jewellery jewelry necklace bracelet earring""",
    "watch": """uhr armbanduhr smartwatch taschenuhr fitnessarmband fitnesstracker applewatch
        chronograph sportuhr watch""",
    "animal": """tier hund katze kater vogel wellensittich papagei schildkröte kaninchen hase
        hamster meerschweinchen haustier dog cat animal""",
    "umbrella": "schirm regenschirm knirps sonnenschirm parapluie umbrella",
    "toy": """spielzeug kuscheltier stofftier teddy teddybär puppe plüschtier schmusetuch
        schnuffeltuch schmusetier lego ball spielzeugauto playmobil hase bär stoffhase spielfigur
        toy teddybear doll""",
    "book": """buch schulbuch heft mäppchen federmäppchen schulsachen stift füller kalender
        notizbuch schlampermäppchen kugelschreiber kuli tagebuch bibel federmappe etui book""",
    "sports": """sportgerät sportsachen ball fußball tennisschläger schläger inliner inlineskates
        rollschuhe schlittschuhe ski skier snowboard yogamatte isomatte zelt schlafsack hantel
        schwimmbrille taucherbrille flossen wanderstock wanderstöcke schlitten angel stöcke
        schwimmflügel sporttasche racket""",
    "instrument": """instrument musikinstrument gitarre flöte blockflöte geige violine trompete
        keyboard ukulele mundharmonika saxophon klarinette querflöte cello trommel guitar flute""",
    "tool": """werkzeug bohrmaschine akkuschrauber hammer säge schraubenzieher zange werkzeugkoffer
        schraubendreher leiter maßband taschenmesser wasserwaage tool""",
    "medicine": """medikament medikamente tabletten medizin arznei arzneimittel insulin insulinpen
        spray inhalator spritze medicine""",
    "food": "lebensmittel essen einkauf food",
    "weapon": "waffe pistole messer munition gewehr weapon",
    "drugs": "drogen rauschgift drugs",
    "other": """trinkflasche brotdose thermosflasche flasche becher feuerzeug decke handtuch
        zahnspange kissen brotbox dose zigarettenetui lunchbox sonstiges bottle""",
}

COLOUR_WORDS: dict[str, str] = {
    Colour.BLACK: "schwarz tiefschwarz anthrazit black",
    Colour.GREY: "grau anthrazit taupe grey gray",
    Colour.WHITE: "weiß white",
    Colour.BROWN: "braun cognac kastanie rostbraun brown",
    Colour.BEIGE: "beige creme sand ecru hautfarben hautfarbe elfenbein taupe",
    Colour.RED: "rot bordeaux weinrot purpur red",
    Colour.PINK: "rosa pink altrosa magenta rosé rosegold",
    Colour.ORANGE: "orange apricot lachs",
    Colour.YELLOW: "gelb ocker senf yellow",
    Colour.GREEN: "grün oliv khaki mint türkis petrol green",
    Colour.BLUE: "blau marine navy türkis petrol jeansblau blue",
    Colour.PURPLE: "lila violett flieder aubergine purple",
    Colour.SILVER: "silber silbern silberfarben chrom edelstahl silver",
    Colour.GOLD: "gold golden goldfarben messing rosegold",
    Colour.PATTERNED: """bunt mehrfarbig gemustert kariert gestreift geblümt gepunktet farbig
        colourful colorful""",
}

# Words that say nothing about a thing.
EMPTY_WORDS = """
    der die das den dem des ein eine einen einem einer eines und oder mit ohne von vom in im am an
    auf aus zum zur zu bei für mein meine meinen meiner meinem sein seine ihr ihre ich wir habe hab
    haben hat verloren verlorene verlorener verlorenes gefunden gefundene suche suchen gesucht
    vermisst vermisse vermissen bitte marke farbe art sehr etwas wo wer was ist sind the a an my of
    lost found with and or in i have
"""
