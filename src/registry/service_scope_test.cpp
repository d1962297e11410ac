#include "base/error.h"
#include "model/scope.h"
#include "registry/service_scope.h"

#include <gtest/gtest.h>

#include <type_traits>

namespace fengsui::registry {
namespace {

using model::ServiceKind;

// Nobody else can make a pass, and neither permission turns into the other.
static_assert(!std::is_constructible_v<model::ServicePass, model::ServiceEndpoint>);
static_assert(!std::is_default_constructible_v<model::ServicePass>);
static_assert(!std::is_convertible_v<model::ServicePass, model::ScopeTicket>);
static_assert(!std::is_convertible_v<model::ScopeTicket, model::ServicePass>);

TEST(ServiceScope, PassesWhatIsConfiguredAndNothingElse) {
    const ServiceScope scope({
        {ServiceKind::mail_relay, "", "Mail.Example", 587},
        {ServiceKind::webhook, "desk", "192.0.2.7", 8443},
    });
    const auto mail = scope.pass(ServiceKind::mail_relay);
    ASSERT_TRUE(mail);
    EXPECT_EQ(mail->host(), "mail.example");
    EXPECT_EQ(mail->port(), 587);
    const auto hook = scope.pass(ServiceKind::webhook, "desk");
    ASSERT_TRUE(hook);
    EXPECT_EQ(hook->host(), "192.0.2.7");
    EXPECT_FALSE(scope.pass(ServiceKind::webhook, "other"));
    EXPECT_FALSE(scope.pass(ServiceKind::webhook));
    EXPECT_FALSE(scope.pass(ServiceKind::identity_provider));
}

TEST(ServiceScope, NothingConfiguredMeansNobody) {
    EXPECT_FALSE(ServiceScope({}).pass(ServiceKind::mail_relay));
}

TEST(ServiceScope, RefusesWhatCannotBeContacted) {
    EXPECT_THROW(ServiceScope({{ServiceKind::mail_relay, "", "mail.example", 0}}), base::Error);
    EXPECT_THROW(ServiceScope({{ServiceKind::mail_relay, "", "no host", 25}}), base::Error);
    EXPECT_THROW(
        ServiceScope(
            {{ServiceKind::webhook, "a", "a.example", 1}, {ServiceKind::webhook, "a", "b.example", 1}}
        ),
        base::Error
    );
}

} // namespace
} // namespace fengsui::registry
