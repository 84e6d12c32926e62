@echo off
rem The program has no console of its own, so that no black window opens with it; this shows what it prints.
setlocal
set "naru_out=%TEMP%\naru-agent-%RANDOM%%RANDOM%.txt"
"%~dp0..\naru-agent.exe" %* >"%naru_out%" 2>&1
set "naru_code=%ERRORLEVEL%"
type "%naru_out%"
del "%naru_out%"
exit /b %naru_code%
