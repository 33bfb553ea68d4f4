"""The most common passwords of ten characters or more, folded; shorter ones are refused for their length."""

# What the published rankings of leaked passwords have in common, with what people type here in Indonesia. One
# character repeated is refused without a list.
_WORDS = """
    0123456789 01234567890 0192837465 0987654321 09876543210 1029384756 1111122222 1112131415 1122334455
    112233445566 1212121212 121212121212 1223334444 1231231231 123123123123 1231234567 1233211233 1234512345
    123451234512345 1234554321 1234561234 123456123456 123456654321 1234567123 1234567654321 1234567890 1234567890-
    1234567890-= 12345678901 123456789010 123456789012 1234567890123 1234567890a 1234567890q 1234567891 12345678910
    1234567899 123456789a 123456789aa 123456789abc 123456789k 123456789m 123456789q 123456789qwe 123456789s
    123456789z 123456qwerty 12345qwert 1234abcd1234 1234qwerasdf 1234qwerty 123654789a 123698745a 123abc123abc
    123qwe123qwe 123qweasdzxc 12qwaszx12 1357908642 1357924680 1472583690 147258369a 159357159357 1a2b3c4d5e
    1a2s3d4f5g 1q2w3e4r5t 1q2w3e4r5t6y 1q2w3e4r5t6y7u 1qaz1qaz1qaz 1qaz2wsx3edc 1qaz2wsx3edc4rfv 1qazxsw23edc
    2468101214 3141592653 31415926535 7894561230 789456123a 9876543210 98765432100 987654321a 987654321q a123456789
    a1234567890 a1b2c3d4e5 a1b2c3d4e5f6 aa123456789 aaaaa11111 abc1234567 abc123456789 abc123abc123 abcd123456
    abcd1234567 abcd12345678 abcde12345 abcde123456 abcdef1234 abcdef123456 abcdefghij abcdefghijk abcdefghijkl
    abcdefghijklmnopqrstuvwxyz adgjmptw12 admin12345 admin123456 admin1234567 adminadmin adminadmin1 administrator
    akucintakamu akusayangkamu alexander1 alhamdulillah allahuakbar alohamora1 andromeda1 angelangel anggaputra
    anjing12345 anthony123 asd123asd123 asdasd123123 asdasdasda asdasdasdasd asdf123456 asdf1234asdf asdfasdfasdf
    asdfg12345 asdfghjkl1 asdfghjkl123 asdfghjkl; asdfghjklz asdfjkl123 assalamualaikum astalavista babygirl123
    barcelona1 barcelona10 baseball123 basketball basketball1 beautiful1 beautifulgirl billgates1 bismillah1
    bismillah12 bismillah123 bismillah1234 blackberry blink182182 bluebirds1 butterfly1 butterfly123 california1
    california123 carolina123 changeme12 changeme123 changeme1234 charlie123 charlotte1 chelsea123 chocolate1
    chocolate123 christian1 christine1 christopher christopher1 cinderella cleopatra1 computer12 computer123
    confidential cookie1234 correcthorse correcthorsebatterystaple cristiano7 daniel1234 default123 dontforget
    doraemon123 dragon1234 dragonball dragonballz elephant12 elizabeth1 elizabeth123 everything1 facebook12
    facebook123 fernando10 firebird12 flower1234 football10 football12 football123 football1234 forever123
    foreverlove forgetmenot franklin12 freedom123 friendship friendship1 friendster fuckyou123 fuckyou1234
    fuckyou2010 gabriel123 george1234 godisgood1 godisgreat goodmorning google1234 grandmother guest12345 happiness1
    hello12345 hello123456 hellohello helloworld helloworld1 iloveallah iloveindonesia ilovejesus ilovejesus1
    ilovemyfamily ilovemymom ilovemymom1 ilovemyself iloveyou12 iloveyou123 iloveyou1234 iloveyou22 iloveyou4ever
    iloveyouall iloveyoubaby iloveyousomuch iloveyoutoo indonesia1 indonesia12 indonesia123 indonesia45 indonesiaku
    indonesiaraya internet12 internet123 jakarta123 jakarta1234 jennifer12 jennifer123 jessica123 jesuschrist
    jesusislord jesusloves jesuslovesme jonathan12 jordan1234 kambing123 katasandi1 katasandi123 katherine1
    kesayangan kupukupu123 letmein123 letmein1234 linkedin123 liverpool1 liverpool12 liverpool123 loveforever
    lovelove12 lovelove123 lovelylove loveyou123 manchester manchester1 manchesterunited manunited1 marlboro12
    master1234 masterkey1 michael123 michael1234 michaeljordan michelle12 microsoft1 microsoft123 minecraft1
    minecraft12 minecraft123 mississippi monkey1234 monkey12345 mother1234 motherfucker mustang1234 mynameis123
    mypassword mypassword1 mypassword123 myspace123 newpassword newyork123 newyorkcity nicholas12 nothing123
    onetwothree opensesame p@ssw0rd12 p@ssw0rd123 p@ssw0rd1234 p@ssword123 pa$$w0rd123 pa55word12 pa55word123
    pakistan12 pakistan123 pancasila1 passpasspass passw0rd12 passw0rd123 passw0rd1234 password00 password01
    password012 password0123 password1! password10 password11 password12 password123 password123! password1234
    password12345 password123456 password13 password2010 password2020 password2021 password2022 password2023
    password2024 password2025 password2026 password21 password22 password23 password69 password88 password99
    passwordpassword persebaya1 persib1933 photoshop1 pokemon123 princess01 princess10 princess11 princess12
    princess123 princess1234 princess13 q1w2e3r4t5 q1w2e3r4t5y6 qazqazqazqaz qazwsx1234 qazwsx12345 qazwsx123456
    qazwsxedc1 qazwsxedc12 qazwsxedc123 qazwsxedcrfv qqww1122334455 qwe123qwe123 qweasd1234 qweasdzxc1 qweasdzxc12
    qweasdzxc123 qweqweqweqwe qwer123456 qwer12345678 qwerasdfzxcv qwert12345 qwert123456 qwerty0987 qwerty1234
    qwerty12345 qwerty123456 qwerty1234567 qwerty12345678 qwerty123456789 qwertyqwerty qwertyuiop qwertyuiop1
    qwertyuiop12 qwertyuiop123 qwertyuiop1234567890 qwertyuiop[ qwertyuiop[] qwertyuiopasdfghjklzxcvbnm qwertzuiop
    rahasia123 rahasia1234 realmadrid realmadrid1 realmadrid7 rockstar123 rockyou123 rosebud123 rumahsakit
    rumahsakit1 rumahsakit123 samsung123 samsung1234 sayabisa123 sayangkamu sayangkamu1 sayangku123 sayasayang
    scorpion12 secret1234 secret12345 semangat45 sepakbola1 september1 september11 september12 shadow1234 skateboard
    spiderman1 spiderman12 spiderman123 srilanka123 starwars12 starwars123 steelers12 strawberry strawberry1
    summer2020 summer2021 summer2022 summer2023 summer2024 summer2025 summer2026 sunflower1 sunshine01 sunshine10
    sunshine12 sunshine123 sunshine1234 superman12 superman123 superman1234 supersecret superstar1 surabaya12
    surabaya123 sweetheart sweetheart1 swordfish1 tennessee1 terserah12 terserah123 test123456 testing123
    testing1234 testtest12 testtest123 thebeatles theresa123 tinkerbell tinkerbell1 trustno1234 trustnoone
    unbelievable undertaker undertaker1 university user123456 valentine1 vanessa123 victoria12 victoria123
    volleyball volleyball1 warcraft123 watermelon watermelon1 welcome123 welcome123! welcome1234 welcome12345
    whatever12 whatever123 wherever123 whosyourdaddy william123 wordpass123 yamaha12345 yogyakarta zaq12wsxcde
    zaq12wsxcde3 zaq1xsw2cde3 zxcasdqwe1 zxcasdqwe123 zxcvbnm,./ zxcvbnm123 zxcvbnm1234 zxcvbnm12345
    zxcvbnm123456789 zxcvbnmasd zxcvbnmasdfghjkl
"""

COMMON = frozenset(_WORDS.split())
