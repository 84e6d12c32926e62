# put LOCAL REMOTE | get REMOTE LOCAL | list | resume LOCAL REMOTE | reget REMOTE LOCAL, by Net::SFTP::Foreign over ssh.
use strict;
use warnings;
use Net::SFTP::Foreign;

my ($verb, @names) = @ARGV;
my $sftp = Net::SFTP::Foreign->new($ENV{NARU_HOST}, more => ["-F", "ssh_config"]);
$sftp->die_on_error("Cannot connect");
my %verbs = (
    put    => sub { $sftp->put(@names) },
    get    => sub { $sftp->get(@names) },
    list   => sub { print "$_->{filename}\n" for @{ $sftp->ls(".") } },
    resume => sub { $sftp->put(@names, resume => 1) },
    reget  => sub { $sftp->get(@names, resume => 1) },
);
$verbs{$verb}->();
$sftp->die_on_error("Cannot $verb");
