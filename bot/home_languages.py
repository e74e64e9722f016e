"""What somebody is told whose language the bot cannot read: in English, and in one line each of what families here speak most."""

from __future__ import annotations

# The ten commonest home languages in English schools after English. Each line says the same: I can only read English, please
# talk to somebody at the school, in danger ring 999.
LINES = (
    "Polski: Czytam tylko po angielsku. Proszę porozmawiać z kimś w szkole. W niebezpieczeństwie proszę dzwonić pod 999.",
    "Română: Pot citi doar în engleză. Vă rugăm să vorbiți cu cineva de la școală. În caz de pericol, sunați la 999.",
    "اردو: میں صرف انگریزی پڑھ سکتا ہوں۔ براہِ کرم اسکول میں کسی سے بات کریں۔ خطرے کی صورت میں 999 پر فون کریں۔",
    "ਪੰਜਾਬੀ: ਮੈਂ ਸਿਰਫ਼ ਅੰਗਰੇਜ਼ੀ ਪੜ੍ਹ ਸਕਦਾ ਹਾਂ। ਕਿਰਪਾ ਕਰਕੇ ਸਕੂਲ ਵਿੱਚ ਕਿਸੇ ਨਾਲ ਗੱਲ ਕਰੋ। ਖ਼ਤਰੇ ਵਿੱਚ 999 'ਤੇ ਫ਼ੋਨ ਕਰੋ।",
    "বাংলা: আমি শুধু ইংরেজি পড়তে পারি। অনুগ্রহ করে স্কুলের কারও সঙ্গে কথা বলুন। বিপদে 999 নম্বরে ফোন করুন।",
    "Português: Só consigo ler em inglês. Por favor, fale com alguém da escola. Em caso de perigo, ligue para o 999.",
    "العربية: لا أستطيع القراءة إلا بالإنجليزية. يُرجى التحدث إلى أحد في المدرسة. في حالة الخطر اتصلوا بالرقم 999.",
    "Español: Solo puedo leer en inglés. Por favor, hable con alguien del colegio. En caso de peligro, llame al 999.",
    "ગુજરાતી: હું ફક્ત અંગ્રેજી વાંચી શકું છું. કૃપા કરીને શાળામાં કોઈની સાથે વાત કરો. જોખમમાં હો તો 999 પર ફોન કરો.",
    "Українська: Я можу читати лише англійською. Будь ласка, поговоріть з кимось у школі. У разі небезпеки телефонуйте 999.",
)
