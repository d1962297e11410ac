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
    return list;
}

Json reference(std::string_view name) {
    return Json::object({{"$ref", "#/components/schemas/" + std::string(name)}});
}

Json content(std::string_view media_type, Json schema) {
    return Json::object({{std::string(media_type), Json::object({{"schema", std::move(schema)}})}});
}

Json responses_of(const Route& route) {
    const bool is_action = route.pattern.find("/actions/") != std::string_view::npos;
    const bool makes = route.method == "POST" && route.pattern != "/session" && !is_action;
    const bool is_stream = route.pattern == "/events/stream";
    const std::string status = route.method == "DELETE" ? "204" : makes ? "201" : "200";
    Json good = Json::object({{"description", "done"}});
    if (status != "204") {
        good.set(
            "content",
            is_stream ? content("text/event-stream", text_schema())
                      : content("application/json", reference(route.is_list ? "List" : "Record"))
        );
    }
    Json problem = Json::object(
        {{"description", "problem"}, {"content", content("application/problem+json", reference("Problem"))}}
    );
    Json responses = Json::object();
    responses.set(status, std::move(good));
    responses.set("default", std::move(problem));
    return responses;
}

Json operation_of(const Route& route) {
    Json operation = Json::object(
        {{"summary", route.summary}, {"parameters", parameters_of(route)}, {"responses", responses_of(route)}}
    );
    if (route.method == "POST" || route.method == "PATCH") {
        operation.set(
            "requestBody",
            Json::object({{"content", content("application/json", Json::object({{"type", "object"}}))}})
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
