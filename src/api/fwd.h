#pragma once

namespace fengsui::api {
class Api;
class EventHub;
struct Call;
struct Reply;
struct Route;
struct Services;
} // namespace fengsui::api
