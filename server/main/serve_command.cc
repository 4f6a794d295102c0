// serve on the command line.
#include <fmt/format.h>

#include <cstdlib>

#include "server/cli/commands.h"
#include "server/main/serve.h"

namespace kvali::cli {

void add_serve(CLI::App& app, Run& run) {
  auto options = std::make_shared<server::ServeOptions>();
  auto listen = std::make_shared<std::string>("127.0.0.1:8080");
  CLI::App* command = app.add_subcommand("serve", "Serve programmes, live, from a data folder");
  command->add_option("--data", options->data, "Folder of the journal, the keys and the letters")->capture_default_str();
  command->add_option("--listen", *listen, "ADDRESS:PORT")->capture_default_str();
  command->add_option("--demo", options->demo, "Play this workflow's folder when the journal is empty, and print links");
  command->add_option("--first-manager", options->first_manager, "Name of the person who runs the house, when nobody is in it yet");
  command->add_option("--web-dir", options->web_dir, "Serve the web application from a folder while developing it");
  command->add_option("--origin", options->origins, "A web address whose pages may connect (own pages always may)");
  command->add_option("--host", options->hosts, "The only host names served");
  command->add_option("--certificate", options->certificate_file, "PEM file; with --key everything is TLS");
  command->add_option("--key", options->key_file, "PEM file");
  command->add_flag("!--no-supervisor", options->supervise, "Do not restart the serving process when it dies");
  command->footer("Example: kvali serve --data data --demo workflows/socifaction-2017");
  command->callback([options, listen, &run] {
    const std::size_t colon = listen->rfind(':');
    const int port = colon == std::string::npos ? -1 : std::atoi(listen->c_str() + colon + 1);
    if (port < 0 || port > 65535) {
      fmt::print(stderr, "kvali: --listen expects ADDRESS:PORT, such as 127.0.0.1:8080, not `{}`\n", *listen);
      run.code = exit_usage;
      return;
    }
    options->address = listen->substr(0, colon);
    options->port = static_cast<std::uint16_t>(port);
    run.code = server::serve(*options);
  });
}

}  // namespace kvali::cli
