# put LOCAL REMOTE | get REMOTE LOCAL | list, by net-sftp.
require "net/sftp"

verb, *names = ARGV
options = { port: ENV["NARU_PORT"].to_i, password: ENV["NARU_PASSWORD"], config: false, non_interactive: true,
            user_known_hosts_file: "known_hosts", global_known_hosts_file: [], auth_methods: ["password"] }
Net::SFTP.start(ENV["NARU_HOST"], ENV["NARU_USER"], options) do |sftp|
  case verb
  when "put" then sftp.upload!(*names)
  when "get" then sftp.download!(*names)
  when "list" then sftp.dir.foreach(".") { |entry| puts entry.name }
  end
end
