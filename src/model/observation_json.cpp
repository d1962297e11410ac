#include "model/json/fields.h"
#include "model/json/mail.h"
#include "model/json/names.h"
#include "model/json/site.h"
#include "model/json/tls.h"
#include "model/json/web.h"
#include "model/observation.h"

namespace fengsui::model {

namespace {

using base::Json;

WebObservation read_web(const Json& json) {
    WebObservation web;
    Fields in(json);
    if (const Json* plain = in.take("plain")) {
        web.plain = read_chain(*plain);
    }
    if (const Json* secure = in.take("secure")) {
        web.secure = read_chain(*secure);
    }
    if (const Json* options = in.take("options")) {
        web.options = read_exchange(*options);
    }
    if (const Json* security_txt = in.take("security_txt")) {
        web.security_txt = read_chain(*security_txt);
    }
    if (const Json* directories = in.take("directories")) {
        for (const auto& directory : directories->items()) {
            web.directories.push_back(read_exchange(directory));
        }
    }
    const bool reached = web.plain.reached() || web.secure.reached();
    const Outcome blind = web.secure.hops.empty() ? web.plain.end : web.secure.hops.front().outcome;
    in.outcome("outcome", web.outcome, reached ? completed() : blind);
    in.finish();
    return web;
}

ExposureObservation read_exposure(const Json& json) {
    ExposureObservation exposure;
    Fields in(json);
    in.outcome("outcome", exposure.outcome, completed());
    if (const Json* controls = in.take("controls")) {
        for (const auto& item : controls->items()) {
            exposure.controls.push_back(read_exchange(item));
        }
    }
    if (const Json* paths = in.take("paths")) {
        for (const auto& item : paths->items()) {
            Fields path(item);
            ExposedPath exposed;
            path.text("purpose", exposed.purpose);
            if (const Json* exchange = path.take("exchange")) {
                exposed.exchange = read_exchange(*exchange);
            }
            path.finish();
            exposure.paths.push_back(std::move(exposed));
        }
    }
    in.finish();
    return exposure;
}

Observation read_observation(const Json& json) {
    Observation seen;
    Fields in(json);
    in.text("target", seen.target_text);
    seen.target = parsed(AssetTarget::parse(seen.target_text), json, "target");
    std::string probe_class;
    in.text("probe_class", probe_class);
    seen.probe_class = probe_class == "careful" ? ProbeClass::careful : ProbeClass::passive;
    in.instant("judged_at", seen.judged_at);
    if (const Json* name = in.take("name")) {
        seen.name.resolution = read_resolution(*name);
        seen.name.outcome = seen.name.resolution.outcome;
    }
    if (const Json* zone = in.take("zone")) {
        seen.zone = read_zone(*zone);
    }
    if (const Json* web = in.take("web")) {
        seen.web = read_web(*web);
    }
    if (const Json* exposure = in.take("exposure")) {
        seen.exposure = read_exposure(*exposure);
    }
    if (const Json* tls = in.take("tls")) {
        seen.tls = read_tls(*tls);
    }
    if (const Json* mail = in.take("mail")) {
        seen.mail = read_mail(*mail);
    }
    if (const Json* ipv6 = in.take("ipv6")) {
        seen.ipv6 = read_ipv6(*ipv6);
    }
    if (const Json* scripts = in.take("scripts")) {
        seen.scripts = read_scripts(*scripts);
    }
    if (const Json* ports = in.take("ports")) {
        seen.ports = read_ports(*ports);
    }
    if (const Json* integrity = in.take("integrity")) {
        seen.integrity = read_integrity(*integrity);
    }
    in.finish();
    return seen;
}

} // namespace

HttpExchange read_http_exchange(const Json& json) {
    return read_exchange(json);
}

base::Result<Observation> observation_from_json(const base::Json& json) {
    try {
        return read_observation(json);
    } catch (const base::Error& error) {
        return error;
    }
}

} // namespace fengsui::model
