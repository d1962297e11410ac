#include "net/route.h"

#include <gtest/gtest.h>

namespace fengsui::net {

namespace {

TEST(Route, LoopbackIsAlwaysThereAndNowhereIsNot) {
    EXPECT_TRUE(has_route(*model::IpAddress::parse("127.0.0.1")));
    EXPECT_FALSE(has_route(*model::IpAddress::parse("255.255.255.255")))
        << "a datagram socket may not broadcast";
}

} // namespace

} // namespace fengsui::net
