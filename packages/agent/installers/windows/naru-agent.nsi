; Installer of one Windows user: no administrator, no questions when silent.
;   /S                       no window
;   /D=FOLDER                another folder (last, without quotes)
;   /NOAUTOSTART             do not start when the user signs in
;   /ALLOWED_ORIGINS=LIST    only these sites may be paired, separated by commas
; The uninstaller takes /S, and /KEEPDATA to leave settings and unfinished transfers.

Target amd64-unicode
ManifestDPIAware true
!ifdef FAST
  SetCompressor zlib
!else
  SetCompressor /SOLID lzma
!endif

!include MUI2.nsh
!include FileFunc.nsh
!include LogicLib.nsh
!include WordFunc.nsh

!define NAME "Naru Agent"
!define EXE "naru-agent.exe"
; Shows the tray icon; it ends with the agent.
!define TRAY_EXE "naru-agent-tray.exe"
; Shows the window, in a process of the program itself.
!define WINDOW_NODE "naru-agent-window.node"
!define RUN_KEY "Software\Microsoft\Windows\CurrentVersion\Run"
!define UNINSTALL_KEY "Software\Microsoft\Windows\CurrentVersion\Uninstall\NaruAgent"
!define OWN_KEY "Software\Naru Agent"
!define CLASS_KEY "Software\Classes\naru"
; Where the agent keeps its journal, settings and spool.
!define DATA_FOLDER "$LOCALAPPDATA\NaruAgent"

Name "${NAME}"
OutFile "${OUTPUT}"
RequestExecutionLevel user
InstallDir "$LOCALAPPDATA\Programs\NaruAgent"
InstallDirRegKey HKCU "${OWN_KEY}" "InstallDir"
BrandingText "${NAME} ${VERSION}"
VIProductVersion "${VERSION}.0"
VIFileVersion "${VERSION}.0"
VIAddVersionKey ProductName "${NAME}"
VIAddVersionKey FileDescription "${NAME} setup"
VIAddVersionKey FileVersion "${VERSION}"
VIAddVersionKey ProductVersion "${VERSION}"
VIAddVersionKey LegalCopyright "Apache-2.0"
!include "${SIGN_LINES}"

!define MUI_ICON "${ICON}"
!define MUI_UNICON "${ICON}"
!define MUI_ABORTWARNING
!define MUI_FINISHPAGE_RUN "$INSTDIR\${EXE}"
!define MUI_FINISHPAGE_RUN_PARAMETERS "start"
!insertmacro MUI_PAGE_LICENSE "${LICENSE_FILE}"
!insertmacro MUI_PAGE_DIRECTORY
!insertmacro MUI_PAGE_INSTFILES
!insertmacro MUI_PAGE_FINISH
!insertmacro MUI_UNPAGE_CONFIRM
!insertmacro MUI_UNPAGE_INSTFILES
; The first is taken on a Windows that speaks neither.
!insertmacro MUI_LANGUAGE "English"
!insertmacro MUI_LANGUAGE "Korean"

LangString Locked ${LANG_ENGLISH} "Naru Agent is still running and cannot be replaced. Close it and try again."
LangString Locked ${LANG_KOREAN} "Naru Agent가 아직 실행 중이라 바꿀 수 없습니다. 종료한 뒤 다시 시도하세요."
LangString AlsoData ${LANG_ENGLISH} "Remove settings, paired sites and transfers that have not arrived yet, too?"
LangString AlsoData ${LANG_KOREAN} "설정, 연결된 사이트, 아직 도착하지 않은 전송도 함께 지울까요?"

Var WasRunning
Var AutostartKept

; Two times the same: an uninstaller can only call functions whose names begin with "un.".
!macro StopFunctions prefix

; Counts the processes of exactly these files in $R1, not whatever has its name elsewhere; ends them when $R0 is "end".
Function ${prefix}FindAgents
  StrCpy $R1 0
  System::Alloc 32768
  Pop $1
  System::Call 'kernel32::K32EnumProcesses(p r1, i 32768, *i .r2) i .r0'
  StrCpy $3 0
  ${While} $3 < $2
    IntPtrOp $4 $1 + $3
    System::Call '*$4(i .r5)'
    System::Call 'kernel32::OpenProcess(i 0x1001, i 0, i r5) p .r6'
    ${If} $6 P<> 0
      StrCpy $7 ${NSIS_MAX_STRLEN}
      StrCpy $8 ""
      System::Call 'kernel32::QueryFullProcessImageNameW(p r6, i 0, w .r8, *i r7) i .r0'
      ${If} $8 == "$INSTDIR\${EXE}"
      ${OrIf} $8 == "$INSTDIR\${TRAY_EXE}"
        IntOp $R1 $R1 + 1
        ${If} $R0 == "end"
          System::Call 'kernel32::TerminateProcess(p r6, i 1) i .r0'
        ${EndIf}
      ${EndIf}
      System::Call 'kernel32::CloseHandle(p r6)'
    ${EndIf}
    IntOp $3 $3 + 4
  ${EndWhile}
  System::Free $1
FunctionEnd

; Asks a running agent to quit, waits 10 s, then ends it; transfers go on from the journal either way.
; Sets the error flag when it still runs after that.
Function ${prefix}StopAgent
  StrCpy $WasRunning 0
  StrCpy $R0 ""
  ClearErrors
  Call ${prefix}FindAgents
  ${If} $R1 = 0
    Return
  ${EndIf}
  StrCpy $WasRunning 1
  Exec '"$INSTDIR\${EXE}" quit'
  ${For} $9 1 60
    Sleep 250
    ${If} $9 >= 40
      StrCpy $R0 "end"
    ${EndIf}
    Call ${prefix}FindAgents
    ${If} $R1 = 0
      ClearErrors
      Return
    ${EndIf}
  ${Next}
  SetErrors
FunctionEnd
!macroend
!insertmacro StopFunctions ""
!insertmacro StopFunctions "un."

Section "-install"
  SetShellVarContext current
 again:
  Call StopAgent
  ClearErrors
  SetOutPath "$INSTDIR"
  SetOverwrite try
  File "/oname=${EXE}" "${PROGRAM}"
  File "/oname=${TRAY_EXE}" "${TRAY}"
  File "/oname=${WINDOW_NODE}" "${WINDOW}"
  ${If} ${Errors}
    MessageBox MB_RETRYCANCEL|MB_ICONEXCLAMATION "$(Locked)" /SD IDCANCEL IDRETRY again
    SetErrorLevel 2
    Quit
  ${EndIf}
  SetOverwrite on
  File "/oname=LICENSES.txt" "${LICENSE_FILE}"
  File "/oname=naru-agent.ico" "${ICON}"
  SetOutPath "$INSTDIR\bin"
  File "/oname=naru-agent.cmd" "${COMMAND}"
  SetOutPath "$INSTDIR"
  WriteUninstaller "$INSTDIR\uninstall.exe"

  CreateShortcut "$SMPROGRAMS\${NAME}.lnk" "$INSTDIR\${EXE}" "start" "$INSTDIR\naru-agent.ico"

  ; Who switched autostart off keeps it off over an upgrade.
  StrCpy $AutostartKept 1
  ReadRegStr $0 HKCU "${UNINSTALL_KEY}" "DisplayVersion"
  ReadRegStr $1 HKCU "${RUN_KEY}" "${NAME}"
  ${If} $0 != ""
  ${AndIf} $1 == ""
    StrCpy $AutostartKept 0
  ${EndIf}
  ${GetParameters} $2
  ClearErrors
  ${GetOptions} $2 "/NOAUTOSTART" $3
  ${IfNot} ${Errors}
    StrCpy $AutostartKept 0
    DeleteRegValue HKCU "${RUN_KEY}" "${NAME}"
  ${EndIf}
  ${If} $AutostartKept = 1
    WriteRegStr HKCU "${RUN_KEY}" "${NAME}" '"$INSTDIR\${EXE}" start --no-window'
  ${EndIf}
  ; Not by GetOptions, for which a value ends at the first slash.
  ClearErrors
  ${WordFind} "$2 " "/ALLOWED_ORIGINS=" "E+1}" $3
  ${IfNot} ${Errors}
    ${WordFind} "$3" " " "+1" $3
    WriteRegStr HKCU "${OWN_KEY}" "AllowedOrigins" "$3"
  ${EndIf}
  WriteRegStr HKCU "${OWN_KEY}" "InstallDir" "$INSTDIR"

  WriteRegStr HKCU "${CLASS_KEY}" "" "URL:${NAME}"
  WriteRegStr HKCU "${CLASS_KEY}" "URL Protocol" ""
  WriteRegStr HKCU "${CLASS_KEY}\DefaultIcon" "" "$INSTDIR\naru-agent.ico"
  WriteRegStr HKCU "${CLASS_KEY}\shell\open\command" "" '"$INSTDIR\${EXE}" open "%1"'

  WriteRegStr HKCU "${UNINSTALL_KEY}" "DisplayName" "${NAME}"
  WriteRegStr HKCU "${UNINSTALL_KEY}" "DisplayVersion" "${VERSION}"
  WriteRegStr HKCU "${UNINSTALL_KEY}" "DisplayIcon" "$INSTDIR\naru-agent.ico"
  WriteRegStr HKCU "${UNINSTALL_KEY}" "Publisher" "Naru"
  WriteRegStr HKCU "${UNINSTALL_KEY}" "InstallLocation" "$INSTDIR"
  WriteRegStr HKCU "${UNINSTALL_KEY}" "UninstallString" '"$INSTDIR\uninstall.exe"'
  WriteRegStr HKCU "${UNINSTALL_KEY}" "QuietUninstallString" '"$INSTDIR\uninstall.exe" /S'
  WriteRegDWORD HKCU "${UNINSTALL_KEY}" "NoModify" 1
  WriteRegDWORD HKCU "${UNINSTALL_KEY}" "NoRepair" 1
  ${GetSize} "$INSTDIR" "/S=0K" $0 $1 $4
  WriteRegDWORD HKCU "${UNINSTALL_KEY}" "EstimatedSize" $0

  ${If} $WasRunning = 1
    Exec '"$INSTDIR\${EXE}" start --no-window'
  ${EndIf}
SectionEnd

Section "Uninstall"
  SetShellVarContext current
  Call un.StopAgent
  ${If} ${Errors}
    MessageBox MB_OK|MB_ICONEXCLAMATION "$(Locked)" /SD IDOK
    SetErrorLevel 2
    Quit
  ${EndIf}
  Delete "$SMPROGRAMS\${NAME}.lnk"
  DeleteRegValue HKCU "${RUN_KEY}" "${NAME}"
  DeleteRegKey HKCU "${CLASS_KEY}"
  DeleteRegKey HKCU "${UNINSTALL_KEY}"
  DeleteRegKey HKCU "${OWN_KEY}"
  Delete "$INSTDIR\${EXE}"
  Delete "$INSTDIR\${TRAY_EXE}"
  Delete "$INSTDIR\${WINDOW_NODE}"
  Delete "$INSTDIR\LICENSES.txt"
  Delete "$INSTDIR\naru-agent.ico"
  Delete "$INSTDIR\bin\naru-agent.cmd"
  RMDir "$INSTDIR\bin"
  Delete "$INSTDIR\uninstall.exe"
  RMDir "$INSTDIR"
  ${GetParameters} $2
  ClearErrors
  ${GetOptions} $2 "/KEEPDATA" $3
  ${If} ${Errors}
  ${AndIf} ${FileExists} "${DATA_FOLDER}\*.*"
    MessageBox MB_YESNO|MB_ICONQUESTION "$(AlsoData)" /SD IDYES IDNO done
    RMDir /r "${DATA_FOLDER}"
  ${EndIf}
 done:
SectionEnd
