// The web visit: home page over http and https, a few more pages, and paths that no link names.
#pragma once

#include "probe/visit.h"

namespace fengsui::probe::http {

/// Follows both chains; fills everything of `web` that the plan wants.
net::Task<model::WebObservation> look_at_web(Visit& visit);

/// Soft-404 controls and the plan's paths (class careful), on the asset's own host.
net::Task<model::ExposureObservation> look_for_exposures(Visit& visit, const model::WebObservation& web);

/// Asks the DNS about hosts of foreign scripts, and fetches some own scripts when there is library data.
net::Task<model::ScriptsObservation> look_at_scripts(Visit& visit, const model::WebObservation& web);

/// The final page as a crawler gets it; both views once more when there is something to confirm.
net::Task<model::IntegrityObservation> look_at_integrity(Visit& visit, const model::WebObservation& web);

} // namespace fengsui::probe::http
