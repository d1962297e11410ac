// Precompiled for the modules that wait: the pure headers and Asio's awaitables.
#pragma once

#include "pch_pure.h"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
