@echo off
rem Double-click this file to start Placard on Windows. To stop it, press Ctrl and C together.
setlocal
title Placard
cd /d "%~dp0" || goto failed

where node >nul 2>nul || goto nonode
node -e "process.exit(parseInt(process.versions.node, 10) < 20 ? 1 : 0)" || goto oldnode

rem What is installed belongs to the package-lock.json that was copied after it.
fc /b package-lock.json node_modules\.installed-lock.json >nul 2>nul && goto start
echo Fetching what Placard needs. This takes a minute or two, once for each version.
call npm ci || goto failed
copy /y package-lock.json node_modules\.installed-lock.json >nul

:start
call npm start || goto failed
exit /b 0

:nonode
echo Placard needs Node.js, a free program, and it is not on this computer yet.
goto getnode
:oldnode
echo Placard needs a newer Node.js than the one on this computer.
:getnode
echo Get it at https://nodejs.org : take version 24, the one marked LTS, and install it.
echo Then double-click this file again.
pause
exit /b 1

:failed
echo.
echo Placard has stopped. The lines above say why.
pause
exit /b 1
