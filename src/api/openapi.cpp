#include "api/openapi.h"

#include "base/text.h"

namespace fengsui::api {

namespace {

using base::Json;

Json parameter(std::string_view name, std::string_view place, Json schema) {
    return Json::object(
        {{"name", name}, {"in", place}, {"required", place == "path"}, {"schema", std::move(schema)}}
    );
}

Json text_schema() {
    return Json::object({{"type", "string"}});
}

bool is_action(const Route& route) {
    return route.pattern.find("/actions/") != std::string_view::npos;
}

bool takes_body(const Route& route) {
    return route.method == "POST" || route.method == "PATCH" || route.method == "PUT"
           || !route.fields.empty();
}

Json header_parameter(std::string_view name, std::string_view description) {
    auto json = parameter(name, "header", text_schema());
    json.set("description", description);
    return json;
}

void add_header_parameters(const Route& route, Json& list) {
    if (route.method == "POST" && route.access != Access::anyone) {
        list.push(header_parameter(
            "Idempotency-Key", "1 to 255 visible ASCII characters; a repetition is answered as the first time"
        ));
    }
    if (route.method == "PATCH" || is_action(route)) {
        list.push(header_parameter("If-Match", "the ETag of the record as it was read"));
    }
}

Json parameters_of(const Route& route) {
    Json list = Json::array();
    for (const auto segment : base::split(route.pattern, '/')) {
        if (segment.starts_with('{')) {
            list.push(parameter(segment.substr(1, segment.size() - 2), "path", text_schema()));
        }
    }
    for (const auto filter : route.filters) {
        list.push(parameter(filter, "query", text_schema()));
    }
    if (route.is_list) {
        list.push(parameter(
            "limit",
            "query",
            Json::object({{"type", "integer"}, {"minimum", 1}, {"maximum", 1000}, {"default", 100}})
        ));
        list.push(parameter("cursor", "query", text_schema()));
    }
    add_header_parameters(route, list);
    return list;
}

Json reference(std::string_view name) {
    return Json::object({{"$ref", "#/components/schemas/" + std::string(name)}});
}

Json content(std::string_view media_type, Json schema) {
    return Json::object({{std::string(media_type), Json::object({{"schema", std::move(schema)}})}});
}

Json field_schema(std::string_view type) {
    const auto text_of = [](std::string_view format) {
        return Json::object({{"type", "string"}, {"format", format}});
    };
    const auto list_of = [](Json items) {
        return Json::object({{"type", "array"}, {"items", std::move(items)}});
    };
    if (type == "time") {
        return text_of("date-time");
    }
    if (type == "date") {
        return text_of("date");
    }
    if (type == "dates") {
        return list_of(text_of("date"));
    }
    if (type == "strings") {
        return list_of(text_schema());
    }
    return type == "array" ? list_of(Json::object()) : Json::object({{"type", type}});
}

Json body_schema(const Route& route) {
    Json schema = Json::object({{"type", "object"}});
    Json properties = Json::object();
    Json required = Json::array();
    for (const auto& field : route.fields) {
        properties.set(field.name, field_schema(field.type));
        if (field.is_required && route.method != "PATCH") {
            required.push(field.name);
        }
    }
    if (!route.fields.empty()) {
        schema.set("properties", std::move(properties));
    }
    if (!required.items().empty()) {
        schema.set("required", std::move(required));
    }
    return schema;
}

std::string status_of(const Route& route) {
    const bool is_bulk =
        route.pattern.starts_with("/notices/bulk") || route.pattern.starts_with("/registry/");
    const bool makes =
        route.method == "POST" && !route.pattern.starts_with("/session") && !is_action(route) && !is_bulk;
    if (route.pattern == "/session/oidc") {
        return "302";
    }
    return route.method == "DELETE" ? "204" : makes ? "201" : "200";
}

Json good_content(const Route& route) {
    if (route.pattern == "/events/stream") {
        return content("text/event-stream", text_schema());
    }
    if (route.pattern == "/session/oidc/callback") {
        return content("text/html", text_schema());
    }
    if (route.pattern.ends_with("/content") || route.pattern == "/registry/export") {
        return content("*/*", Json::object({{"type", "string"}, {"format", "binary"}}));
    }
    return content("application/json", reference(route.is_list ? "List" : "Record"));
}

Json problem_of(std::string_view description) {
    return Json::object(
        {{"description", description}, {"content", content("application/problem+json", reference("Problem"))}}
    );
}

Json responses_of(const Route& route) {
    const auto status = status_of(route);
    Json good = Json::object({{"description", "done"}});
    if (status == "200" || status == "201") {
        good.set("content", good_content(route));
    }
    Json responses = Json::object();
    responses.set(status, std::move(good));
    responses.set("400", problem_of("malformed"));
    if (route.access != Access::anyone) {
        responses.set("401", problem_of("no credential, or no good one"));
        responses.set("403", problem_of("the role does not allow it"));
    }
    if (route.pattern.find('{') != std::string_view::npos) {
        responses.set("404", problem_of("absent, or outside the scope"));
    }
    if (takes_body(route)) {
        responses.set("409", problem_of("in the wrong state, or taken"));
        responses.set("422", problem_of("a guard failed; `missing` names it"));
    }
    if (route.method == "PATCH" || is_action(route)) {
        responses.set("412", problem_of("If-Match is stale"));
    }
    responses.set("default", problem_of("problem"));
    return responses;
}

Json operation_of(const Route& route) {
    Json operation = Json::object(
        {{"summary", route.summary}, {"parameters", parameters_of(route)}, {"responses", responses_of(route)}}
    );
    if (takes_body(route)) {
        operation.set(
            "requestBody", Json::object({{"content", content("application/json", body_schema(route))}})
        );
    }
    if (route.access == Access::anyone) {
        operation.set("security", Json::array());
    }
    return operation;
}

Json schemas() {
    const auto object = [](Json properties) {
        return Json::object({{"type", "object"}, {"properties", std::move(properties)}});
    };
    Json list = object(Json::object({
        {"items", Json::object({{"type", "array"}, {"items", reference("Record")}})},
        {"next_cursor", Json::object({{"type", Json::array({"string", "null"})}})},
    }));
    Json problem = object(Json::object({
        {"type", text_schema()},
        {"title", text_schema()},
        {"status", Json::object({{"type", "integer"}})},
        {"code", text_schema()},
        {"detail", text_schema()},
    }));
    return Json::object({{"Record", Json::object({{"type", "object"}})}, {"List", list}, {"Problem", problem}}
    );
}

} // namespace

Json openapi_document(std::span<const Route> routes) {
    Json paths = Json::object();
    for (const auto& route : routes) {
        const std::string path = "/api/v1" + std::string(route.pattern);
        Json item = paths[path].is_null() ? Json::object() : paths[path];
        item.set(base::to_lower(route.method), operation_of(route));
        paths.set(path, std::move(item));
    }
    Json schemes = Json::object({
        {"token", Json::object({{"type", "http"}, {"scheme", "bearer"}})},
        {"session", Json::object({{"type", "apiKey"}, {"in", "cookie"}, {"name", "fengsui_session"}})},
    });
    return Json::object({
        {"openapi", "3.1.0"},
        {"info", Json::object({{"title", "Fengsui"}, {"version", FENGSUI_VERSION}})},
        {"paths", paths},
        {"components", Json::object({{"schemas", schemas()}, {"securitySchemes", schemes}})},
        {"security",
         Json::array({Json::object({{"token", Json::array()}}), Json::object({{"session", Json::array()}})})},
    });
}

} // namespace fengsui::api
