#include "range/world/names.h"

#include <array>

namespace fengsui::range {

namespace {

constexpr std::array<DistrictName, 6> kDistricts = {{
    {{"枫桥区", "Fengqiao District"}, "fengqiao"},
    {{"望潮区", "Wangchao District"}, "wangchao"},
    {{"松台县", "Songtai County"}, "songtai"},
    {{"石鼓湾区", "Shiguwan District"}, "shiguwan"},
    {{"青屿区", "Qingyu District"}, "qingyu"},
    {{"云栈县", "Yunzhan County"}, "yunzhan"},
}};

struct Labelled {
    Word word;
    const char* label;
};

// The first three look after schools, hospitals and water works; the fourth after companies.
constexpr std::array<Labelled, 16> kBureaus = {{
    {{"教育局", "Education Bureau"}, "jyj"},
    {{"卫生健康局", "Health Bureau"}, "wjj"},
    {{"水务局", "Water Bureau"}, "swj"},
    {{"商务局", "Commerce Bureau"}, "swjm"},
    {{"民政局", "Civil Affairs Bureau"}, "mzj"},
    {{"财政局", "Finance Bureau"}, "czj"},
    {{"司法局", "Justice Bureau"}, "sfj"},
    {{"交通运输局", "Transport Bureau"}, "jtj"},
    {{"住房和城乡建设局", "Housing and Construction Bureau"}, "zjj"},
    {{"农业农村局", "Agriculture Bureau"}, "nyj"},
    {{"文化和旅游局", "Culture and Tourism Bureau"}, "wlj"},
    {{"市场监督管理局", "Market Regulation Bureau"}, "scj"},
    {{"应急管理局", "Emergency Management Bureau"}, "yjj"},
    {{"统计局", "Statistics Bureau"}, "tjj"},
    {{"档案馆", "Archives"}, "dag"},
    {{"图书馆", "Library"}, "tsg"},
}};

constexpr std::array<Labelled, 16> kBrands = {{
    {{"云岭", "Yunling"}, "yunling"},
    {{"远帆", "Yuanfan"}, "yuanfan"},
    {{"青禾", "Qinghe"}, "qinghe"},
    {{"恒泽", "Hengze"}, "hengze"},
    {{"明川", "Mingchuan"}, "mingchuan"},
    {{"朗月", "Langyue"}, "langyue"},
    {{"瑞松", "Ruisong"}, "ruisong"},
    {{"海棠", "Haitang"}, "haitang"},
    {{"百川", "Baichuan"}, "baichuan"},
    {{"启辰", "Qichen"}, "qichen"},
    {{"安澜", "Anlan"}, "anlan"},
    {{"东篱", "Dongli"}, "dongli"},
    {{"天工", "Tiangong"}, "tiangong"},
    {{"鸿雁", "Hongyan"}, "hongyan"},
    {{"南枝", "Nanzhi"}, "nanzhi"},
    {{"星槎", "Xingcha"}, "xingcha"},
}};

constexpr std::array<Labelled, 6> kTrades = {{
    {{"科技", "Technology"}, "tech"},
    {{"物流", "Logistics"}, "logistics"},
    {{"机械", "Machinery"}, "machine"},
    {{"食品", "Foods"}, "food"},
    {{"建材", "Building Materials"}, "build"},
    {{"纺织", "Textiles"}, "textile"},
}};

constexpr std::array<Word, 3> kSchools = {{
    {"小学", "Primary School"},
    {"中学", "Middle School"},
    {"实验学校", "Experimental School"},
}};

constexpr std::array<Word, 2> kHospitals = {{
    {"人民医院", "People's Hospital"},
    {"社区卫生服务中心", "Community Health Centre"},
}};

constexpr std::array<SystemName, 8> kSystems = {{
    {"www", {"门户网站", "Portal"}, 2},
    {"oa", {"办公系统", "Office System"}, 3},
    {"fw", {"便民服务平台", "Public Services"}, 3},
    {"yy", {"预约系统", "Appointments"}, 2},
    {"zs", {"招生与招聘", "Admissions and Recruitment"}, 2},
    {"cx", {"信息查询", "Enquiries"}, 2},
    {"jf", {"缴费平台", "Payments"}, 3},
    {"zl", {"资料下载中心", "Document Centre"}, 0},
}};

constexpr std::array<Word, 16> kSurnames = {{
    {"王", "Wang"},
    {"李", "Li"},
    {"张", "Zhang"},
    {"刘", "Liu"},
    {"陈", "Chen"},
    {"杨", "Yang"},
    {"赵", "Zhao"},
    {"黄", "Huang"},
    {"周", "Zhou"},
    {"吴", "Wu"},
    {"徐", "Xu"},
    {"孙", "Sun"},
    {"胡", "Hu"},
    {"朱", "Zhu"},
    {"高", "Gao"},
    {"林", "Lin"},
}};

constexpr std::array<Word, 12> kGivenNames = {{
    {"晓明", "Xiaoming"},
    {"静", "Jing"},
    {"建国", "Jianguo"},
    {"丽华", "Lihua"},
    {"伟", "Wei"},
    {"思远", "Siyuan"},
    {"雨桐", "Yutong"},
    {"志强", "Zhiqiang"},
    {"慧", "Hui"},
    {"海波", "Haibo"},
    {"欣然", "Xinran"},
    {"文博", "Wenbo"},
}};

UnitName numbered(
    const Word& kind, std::size_t number, const char* label, const Word& district, std::string_view language
) {
    const auto text = std::to_string(number + 1);
    std::string name = language == "en" ? std::string(district.en) + " No. " + text + " " + kind.en
                                        : std::string(district.zh) + "第" + text + kind.zh;
    return {std::move(name), label + text};
}

UnitName bureau(std::size_t number, const Word& district, std::string_view language) {
    const auto& entry = kBureaus[number % kBureaus.size()];
    const auto round = number / kBureaus.size();
    const std::string space = language == "en" ? " " : "";
    UnitName unit = {district.in(language) + space + entry.word.in(language), std::string(entry.label)};
    if (round > 0) {
        const auto text = std::to_string(round + 1);
        unit.name += language == "en" ? " (Office " + text + ")" : "（第" + text + "分局）";
        unit.label += text;
    }
    return unit;
}

UnitName company(std::size_t number, std::string_view language) {
    const auto& brand = kBrands[number % kBrands.size()];
    const auto& trade = kTrades[number / kBrands.size() % kTrades.size()];
    const auto round = number / (kBrands.size() * kTrades.size());
    std::string name = brand.word.in(language);
    std::string label = std::string(brand.label) + "-" + trade.label;
    if (round > 0) {
        name += language == "en" ? " " + std::to_string(round + 1) : std::to_string(round + 1) + "号";
        label += std::to_string(round + 1);
    }
    name += language == "en" ? std::string(" ") + trade.word.en + " Co., Ltd."
                             : std::string(trade.word.zh) + "有限公司";
    return {std::move(name), label};
}

} // namespace

std::span<const DistrictName> district_names() {
    return kDistricts;
}
std::span<const SystemName> system_names() {
    return kSystems;
}
std::size_t bureau_count() {
    return kBureaus.size();
}

std::size_t parent_bureau(UnitKind kind) {
    switch (kind) {
    case UnitKind::school:
        return 0;
    case UnitKind::hospital:
        return 1;
    case UnitKind::water_works:
        return 2;
    default:
        return 3;
    }
}

UnitName unit_name(UnitKind kind, std::size_t number, const Word& district, std::string_view language) {
    switch (kind) {
    case UnitKind::bureau:
        return bureau(number, district, language);
    case UnitKind::school: {
        auto unit = numbered(kSchools[number % kSchools.size()], number, "school", district, language);
        unit.label += ".edu";
        return unit;
    }
    case UnitKind::hospital: {
        auto unit = numbered(kHospitals[number % kHospitals.size()], number, "hospital", district, language);
        unit.label += ".health";
        return unit;
    }
    case UnitKind::water_works:
        return numbered({"自来水厂", "Water Works"}, number, "water", district, language);
    case UnitKind::street:
        return numbered({"街道办事处", "Subdistrict Office"}, number, "street", district, language);
    case UnitKind::company:
        break;
    }
    return company(number, language);
}

std::string person_name(Random& random, std::string_view language) {
    const auto& surname = random.pick(std::span<const Word>(kSurnames));
    const auto& given = random.pick(std::span<const Word>(kGivenNames));
    return language == "en" ? std::string(given.en) + " " + surname.en : std::string(surname.zh) + given.zh;
}

} // namespace fengsui::range
