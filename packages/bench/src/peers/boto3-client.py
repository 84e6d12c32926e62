"""
boto3's `upload_file` and `download_file` with their defaults. `boto3-client.py up|down KEY FILE` does it once, in a new
process; without arguments it says `ready` and does what it is told line by line (`up KEY FILE`), only the call being timed:
it has imported everything and is connected. Answers `SECONDS CPU_SECONDS MIB`.
"""

import os
import resource
import sys
import time

import boto3

s3 = boto3.client("s3", endpoint_url=os.environ["BENCH_ENDPOINT"])
bucket = os.environ["BENCH_BUCKET"]
calls = {
    "up": lambda key, file: s3.upload_file(file, bucket, key),
    "down": lambda key, file: s3.download_file(bucket, key, file),
}

if sys.argv[1:]:
    call, key, file = sys.argv[1:]
    calls[call](key, file)
    sys.exit()

s3.head_bucket(Bucket=bucket)
print("ready", flush=True)
for line in sys.stdin:
    call, key, file = line.rstrip("\n").split(" ", 2)
    began, cpu = time.monotonic(), time.process_time()
    calls[call](key, file)
    took = time.monotonic() - began
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print("took", took, time.process_time() - cpu, most, flush=True)
