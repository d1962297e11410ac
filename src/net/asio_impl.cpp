// The one file that compiles Boost.Asio and Boost.Beast; everywhere else they are declarations only.
#include <boost/asio/impl/src.hpp>
#include <boost/asio/ssl/impl/src.hpp>
#include <boost/beast/src.hpp>
