# put LOCAL REMOTE | get REMOTE LOCAL | list | resume LOCAL REMOTE | reget REMOTE LOCAL, by Net::FTP; "active" first: without Passive => 1.
use strict;
use warnings;
use Net::FTP;

my @passive = $ARGV[0] eq "active" ? (Passive => 0) : (Passive => 1);
shift @ARGV if $ARGV[0] eq "active";
my ($verb, @names) = @ARGV;
my $ftp = Net::FTP->new($ENV{NARU_HOST}, Port => $ENV{NARU_PORT}, @passive) or die $@;
$ftp->login($ENV{NARU_USER}, $ENV{NARU_PASSWORD}) or die $ftp->message;
$ftp->binary;
my %verbs = (
    put  => sub { $ftp->put(@names) },
    get  => sub { $ftp->get(@names) },
    list => sub { print "$_\n" for $ftp->ls; 1 },
    resume => sub {
        my $there = $ftp->size($names[1]);
        open my $local, "<:raw", $names[0] or die $!;
        seek $local, $there, 0;
        $ftp->restart($there);
        $ftp->put($local, $names[1]);
    },
    reget => sub { $ftp->get(@names, -s $names[1]) },
);
$verbs{$verb}->() or die $ftp->message;
