using Relo.Archive.Index;
using Relo.Archive.Kernels;
using Relo.Archive.Resolution;
using Relo.Core.Bytes;

namespace Relo.Archive.Tests.Resolution;

/// <summary>Texts of <c>uname -a</c> and <c>/proc/version</c> as kernels of all kinds print them, each with its kernel; the archive has all of them.</summary>
public sealed class UnameTextsTests
{
    private static readonly (string Id, string Text)[] Texts =
    [
        ("ubuntu/14.04/x86_64/3.13.0-170-generic", "Linux n 3.13.0-170-generic #220-Ubuntu SMP Thu May 9 12:40:49 UTC 2019 x86_64 x86_64 x86_64 GNU/Linux"),
        ("ubuntu/16.04/x86_64/4.15.0-142-generic", "Linux n 4.15.0-142-generic #146~16.04.1-Ubuntu SMP Tue Apr 13 09:27:15 UTC 2021 x86_64 x86_64 x86_64 GNU/Linux"),
        ("ubuntu/18.04/x86_64/4.15.0-142-generic", "Linux n 4.15.0-142-generic #146-Ubuntu SMP Tue Apr 13 01:11:19 UTC 2021 x86_64 x86_64 x86_64 GNU/Linux"),
        ("ubuntu/18.04/x86_64/5.4.0-91-generic", "Linux n 5.4.0-91-generic #102~18.04.1-Ubuntu SMP Fri Nov 5 16:31:28 UTC 2021 x86_64 x86_64 x86_64 GNU/Linux"),
        ("ubuntu/20.04/x86_64/5.4.0-91-generic", "Linux version 5.4.0-91-generic (buildd@lcy01-amd64-017) (gcc version 9.3.0 (Ubuntu 9.3.0-17ubuntu1~20.04)) #102-Ubuntu SMP Fri Nov 5 16:31:28 UTC 2021"),
        ("ubuntu/20.04/arm64/5.4.0-91-generic", "Linux version 5.4.0-91-generic (buildd@bos02-arm64-045) (gcc version 9.3.0 (Ubuntu 9.3.0-17ubuntu1~20.04)) #102-Ubuntu SMP Fri Nov 5 16:30:45 UTC 2021"),
        ("ubuntu/20.04/x86_64/5.15.0-91-generic", "Linux n 5.15.0-91-generic #101~20.04.1-Ubuntu SMP Thu Nov 16 14:22:28 UTC 2023 x86_64 x86_64 x86_64 GNU/Linux"),
        ("ubuntu/22.04/x86_64/5.15.0-91-generic", "Linux n 5.15.0-91-generic #101-Ubuntu SMP Tue Nov 14 13:30:08 UTC 2023 x86_64 x86_64 x86_64 GNU/Linux"),
        ("ubuntu/22.04/x86_64/5.15.0-1034-azure", "Linux version 5.15.0-1034-azure (buildd@lcy02-amd64-026) (gcc (Ubuntu 11.3.0-1ubuntu1~22.04) 11.3.0, GNU ld (GNU Binutils for Ubuntu) 2.38) #41-Ubuntu SMP Fri Feb 10 19:59:45 UTC 2023"),
        ("ubuntu/22.04/arm64/5.15.0-1051-aws", "Linux ip-172-31-9-9 5.15.0-1051-aws #56-Ubuntu SMP Thu Nov 30 17:14:49 UTC 2023 aarch64 aarch64 aarch64 GNU/Linux"),
        ("ubuntu/22.04/x86_64/6.5.0-1022-gcp", "Linux gke-n 6.5.0-1022-gcp #24~22.04.1-Ubuntu SMP Mon May 13 21:45:17 UTC 2024 x86_64 x86_64 x86_64 GNU/Linux"),
        ("ubuntu/24.04/x86_64/6.8.0-31-generic", "Linux version 6.8.0-31-generic (buildd@lcy02-amd64-080) (x86_64-linux-gnu-gcc-13 (Ubuntu 13.2.0-23ubuntu4) 13.2.0, GNU ld (GNU Binutils for Ubuntu) 2.42) #31-Ubuntu SMP PREEMPT_DYNAMIC Sat Apr 20 00:40:06 UTC 2024"),
        ("ubuntu/20.04/arm64/5.4.0-1042-raspi", "Linux ubuntu 5.4.0-1042-raspi #46-Ubuntu SMP PREEMPT Fri Jul 30 00:35:40 UTC 2021 aarch64 aarch64 aarch64 GNU/Linux"),
        ("ubuntu/18.04/i686/4.15.0-20-generic", "Linux n 4.15.0-20-generic #21-Ubuntu SMP Tue Apr 24 06:15:38 UTC 2018 i686 i686 i686 GNU/Linux"),
        ("ubuntu/22.04/ppc64le/5.15.0-92-generic", "Linux version 5.15.0-92-generic (buildd@bos02-ppc64el-018) (gcc (Ubuntu 11.4.0-1ubuntu1~22.04) 11.4.0, GNU ld (GNU Binutils for Ubuntu) 2.38) #102-Ubuntu SMP Wed Jan 10 09:37:51 UTC 2024"),
        ("debian/9/x86_64/4.9.0-19-amd64", "Linux n 4.9.0-19-amd64 #1 SMP Debian 4.9.320-2 (2022-06-30) x86_64 GNU/Linux"),
        ("debian/10/x86_64/4.19.0-27-cloud-amd64", "Linux n 4.19.0-27-cloud-amd64 #1 SMP Debian 4.19.316-1 (2024-06-25) x86_64 GNU/Linux"),
        ("debian/11/arm64/5.10.0-28-arm64", "Linux n 5.10.0-28-arm64 #1 SMP Debian 5.10.209-2 (2024-01-31) aarch64 GNU/Linux"),
        ("debian/12/x86_64/6.1.0-38-amd64", "Linux version 6.1.0-38-amd64 (debian-kernel@lists.debian.org) (gcc-12 (Debian 12.2.0-14+deb12u1) 12.2.0, GNU ld (GNU Binutils for Debian) 2.40) #1 SMP PREEMPT_DYNAMIC Debian 6.1.147-1 (2025-08-02)"),
        ("debian/11/x86_64/6.1.0-0.deb11.48-amd64", "Linux n 6.1.0-0.deb11.48-amd64 #1 SMP PREEMPT_DYNAMIC Debian 6.1.170-3~deb11u1 (2026-07-14) x86_64 GNU/Linux"),
        ("debian/13/x86_64/6.12.57+deb13-amd64", "Linux trixie 6.12.57+deb13-amd64 #1 SMP PREEMPT_DYNAMIC Debian 6.12.57-1 (2025-11-05) x86_64 GNU/Linux"),
        ("debian/12/i686/6.1.0-38-686-pae", "Linux n 6.1.0-38-686-pae #1 SMP PREEMPT_DYNAMIC Debian 6.1.147-1 (2025-08-02) i686 GNU/Linux"),
        ("debian/12/armv7l/6.1.0-38-armmp-lpae", "Linux n 6.1.0-38-armmp-lpae #1 SMP Debian 6.1.147-1 (2025-08-02) armv7l GNU/Linux"),
        ("debian/12/ppc64le/6.1.0-38-powerpc64le", "Linux n 6.1.0-38-powerpc64le #1 SMP Debian 6.1.147-1 (2025-08-02) ppc64le GNU/Linux"),
        ("kali/2025.2/x86_64/6.12.25-amd64", "Linux kali 6.12.25-amd64 #1 SMP PREEMPT_DYNAMIC Kali 6.12.25-1kali1 (2025-04-30) x86_64 GNU/Linux"),
        ("debian/13/x86_64/6.12.25-amd64", "Linux n 6.12.25-amd64 #1 SMP PREEMPT_DYNAMIC Debian 6.12.25-1 (2025-04-25) x86_64 GNU/Linux"),
        ("kali/2023.2/x86_64/6.1.0-kali9-amd64", "Linux version 6.1.0-kali9-amd64 (devel@kali.org) (gcc-12 (Debian 12.2.0-14) 12.2.0, GNU ld (GNU Binutils for Debian) 2.40) #1 SMP PREEMPT_DYNAMIC Debian 6.1.27-1kali1 (2023-05-12)"),
        ("parrot/6.0/x86_64/6.5.0-13parrot1-amd64", "Linux parrot 6.5.0-13parrot1-amd64 #1 SMP PREEMPT_DYNAMIC Parrot 6.5.13-1parrot1 (2023-12-19) x86_64 GNU/Linux"),
        ("raspbian/12/arm64/6.6.20+rpt-rpi-v8", "Linux raspberrypi 6.6.20+rpt-rpi-v8 #1 SMP PREEMPT Debian 1:6.6.20-1+rpt1 (2024-03-07) aarch64 GNU/Linux"),
        ("raspbian/11/armv7l/6.1.21-v7+", "Linux raspberrypi 6.1.21-v7+ #1642 SMP Mon Apr  3 17:20:52 BST 2023 armv7l GNU/Linux"),
        ("raspbian/11/arm64/6.1.21-v8+", "Linux version 6.1.21-v8+ (dom@buildbot) (aarch64-linux-gnu-gcc-8 (Ubuntu/Linaro 8.4.0-3ubuntu1) 8.4.0, GNU ld (GNU Binutils for Ubuntu) 2.34) #1642 SMP PREEMPT Mon Apr  3 17:24:16 BST 2023"),
        ("proxmox/8/x86_64/6.8.12-4-pve", "Linux pve 6.8.12-4-pve #1 SMP PREEMPT_DYNAMIC PMX 6.8.12-4 (2024-11-06T15:04Z) x86_64 GNU/Linux"),
        ("rhel/7/x86_64/3.10.0-1160.el7.x86_64", "Linux version 3.10.0-1160.el7.x86_64 (mockbuild@x86-vm-26.build.eng.bos.redhat.com) (gcc version 4.8.5 20150623 (Red Hat 4.8.5-44) (GCC) ) #1 SMP Tue Aug 18 14:50:17 EDT 2020"),
        ("centos/7/x86_64/3.10.0-1160.el7.x86_64", "Linux version 3.10.0-1160.el7.x86_64 (mockbuild@kbuilder.bsys.centos.org) (gcc version 4.8.5 20150623 (Red Hat 4.8.5-44) (GCC) ) #1 SMP Mon Oct 19 16:18:59 UTC 2020"),
        ("rhel/8/x86_64/4.18.0-477.27.1.el8_8.x86_64", "Linux worker-0 4.18.0-477.27.1.el8_8.x86_64 #1 SMP Thu Aug 31 10:29:22 EDT 2023 x86_64 x86_64 x86_64 GNU/Linux"),
        ("rhel/9/arm64/5.14.0-427.13.1.el9_4.aarch64+64k", "Linux n 5.14.0-427.13.1.el9_4.aarch64+64k #1 SMP PREEMPT_DYNAMIC Wed Apr 10 10:29:16 EDT 2024 aarch64 aarch64 aarch64 GNU/Linux"),
        ("rhel/9/s390x/5.14.0-427.13.1.el9_4.s390x", "Linux n 5.14.0-427.13.1.el9_4.s390x #1 SMP Wed Apr 10 10:02:11 EDT 2024 s390x s390x s390x GNU/Linux"),
        ("centos/9/x86_64/5.14.0-451.el9.x86_64", "Linux version 5.14.0-451.el9.x86_64 (mockbuild@x86-05.stream.rdu2.redhat.com) (gcc (GCC) 11.4.1 20231218 (Red Hat 11.4.1-3), GNU ld version 2.35.2-43.el9) #1 SMP PREEMPT_DYNAMIC Mon May 20 14:13:02 UTC 2024"),
        ("rhel/10/x86_64/6.12.0-55.9.1.el10_0.x86_64", "Linux n 6.12.0-55.9.1.el10_0.x86_64 #1 SMP PREEMPT_DYNAMIC Tue Apr 15 04:24:46 EDT 2025 x86_64 GNU/Linux"),
        ("rocky/8/x86_64/4.18.0-372.9.1.el8.x86_64", "Linux version 4.18.0-372.9.1.el8.x86_64 (mockbuild@dal1-prod-builder001.bld.equ.rockylinux.org) (gcc version 8.5.0 20210514 (Red Hat 8.5.0-10) (GCC)) #1 SMP Tue May 10 14:48:47 UTC 2022"),
        ("almalinux/8/x86_64/4.18.0-372.9.1.el8.x86_64", "Linux version 4.18.0-372.9.1.el8.x86_64 (mockbuild@x64-builder02.almalinux.org) (gcc version 8.5.0 20210514 (Red Hat 8.5.0-10) (GCC)) #1 SMP Tue May 10 08:57:35 EDT 2022"),
        ("ol/7/x86_64/5.4.17-2011.0.7.el7uek.x86_64", "Linux n 5.4.17-2011.0.7.el7uek.x86_64 #2 SMP Fri Feb 14 10:21:08 PST 2020 x86_64 x86_64 x86_64 GNU/Linux"),
        ("ol/9/arm64/5.15.0-208.159.3.el9uek.aarch64", "Linux version 5.15.0-208.159.3.el9uek.aarch64 (mockbuild@host-100-100-224-48) (gcc (GCC) 11.4.1 20231218 (Red Hat 11.4.1-3.0.1), GNU ld version 2.35.2-42.0.1.el9_3.1) #2 SMP Wed Jun 19 09:12:48 PDT 2024"),
        ("ol/8/x86_64/4.18.0-553.el8_10.x86_64", "Linux version 4.18.0-553.el8_10.x86_64 (mockbuild@build-ol8-x86_64.oracle.com) (gcc version 8.5.0 20210514 (Red Hat 8.5.0-22.0.1) (GCC)) #1 SMP Fri May 24 13:05:10 UTC 2024"),
        ("elrepo/9/x86_64/6.9.7-1.el9.elrepo.x86_64", "Linux n 6.9.7-1.el9.elrepo.x86_64 #1 SMP PREEMPT_DYNAMIC Thu Jun 27 15:43:17 EDT 2024 x86_64 x86_64 x86_64 GNU/Linux"),
        ("cloudlinux/8/x86_64/4.18.0-553.5.1.lve.el8.x86_64", "Linux n 4.18.0-553.5.1.lve.el8.x86_64 #1 SMP Tue Jun 4 14:41:20 UTC 2024 x86_64 x86_64 x86_64 GNU/Linux"),
        ("fedora/40/x86_64/6.8.5-301.fc40.x86_64", "Linux version 6.8.5-301.fc40.x86_64 (mockbuild@b92d8d4c8a4b4a1c) (gcc (GCC) 14.0.1 20240411 (Red Hat 14.0.1-0), GNU ld version 2.41-34.fc40) #1 SMP PREEMPT_DYNAMIC Thu Apr 11 20:00:10 UTC 2024"),
        ("fedora/41/arm64/6.11.4-301.fc41.aarch64", "Linux fedora 6.11.4-301.fc41.aarch64 #1 SMP PREEMPT_DYNAMIC Sun Oct 20 15:05:32 UTC 2024 aarch64 GNU/Linux"),
        ("amzn/1/x86_64/4.14.77-69.57.amzn1.x86_64", "Linux ip-10-0-0-1 4.14.77-69.57.amzn1.x86_64 #1 SMP Tue Nov 6 21:32:55 UTC 2018 x86_64 x86_64 x86_64 GNU/Linux"),
        ("amzn/2/x86_64/5.10.147-133.644.amzn2.x86_64", "Linux version 5.10.147-133.644.amzn2.x86_64 (mockbuild@ip-10-0-53-108) (gcc10-gcc (GCC) 10.3.1 20210422 (Red Hat 10.3.1-1), GNU ld version 2.35.2-9.amzn2.0.1) #1 SMP Fri Oct 14 01:16:24 UTC 2022"),
        ("amzn/2023/arm64/6.1.82-99.168.amzn2023.aarch64", "Linux ip-172-31-2-3.ec2.internal 6.1.82-99.168.amzn2023.aarch64 #1 SMP Mon Mar 25 17:11:09 UTC 2024 aarch64 aarch64 aarch64 GNU/Linux"),
        ("bottlerocket/1.19/x86_64/5.15.148", "Linux version 5.15.148 (builder@buildkitsandbox) (x86_64-bottlerocket-linux-gnu-gcc (Buildroot 2022.11.1) 11.3.0, GNU ld (GNU Binutils) 2.38) #1 SMP Fri Feb 23 02:47:29 UTC 2024"),
        ("azurelinux/3.0/x86_64/6.6.29.1-4.azl3", "Linux n 6.6.29.1-4.azl3 #1 SMP PREEMPT_DYNAMIC Tue Jul 9 04:17:36 UTC 2024 x86_64 x86_64 x86_64 GNU/Linux"),
        ("mariner/2.0/x86_64/5.15.158.2-1.cm2", "Linux version 5.15.158.2-1.cm2 (root@CBL-Mariner) (gcc (GCC) 11.2.0, GNU ld (GNU Binutils) 2.37) #1 SMP Thu Jun 6 20:37:18 UTC 2024"),
        ("photon/4.0/x86_64/5.10.216-1.ph4", "Linux photon 5.10.216-1.ph4 #1-photon SMP Mon May 6 13:42:27 UTC 2024 x86_64 GNU/Linux"),
        ("sles/12.5/x86_64/4.12.14-122.212-default", "Linux n 4.12.14-122.212-default #1 SMP Mon Apr 22 09:09:24 UTC 2024 (7ee0a4a) x86_64 x86_64 x86_64 GNU/Linux"),
        ("sles/15.4/x86_64/5.14.21-150400.24.63-default", "Linux version 5.14.21-150400.24.63-default (geeko@buildhost) (gcc (SUSE Linux) 7.5.0, GNU ld (GNU Binutils; SUSE Linux Enterprise 15) 2.39.0.20220810-150100.7.40) #1 SMP PREEMPT_DYNAMIC Tue May 2 15:49:04 UTC 2023 (fd0cc4f)"),
        ("opensuse-leap/15.2/x86_64/5.3.18-lp152.106-default", "Linux n 5.3.18-lp152.106-default #1 SMP Mon Nov 22 08:38:17 UTC 2021 (52078fe) x86_64 x86_64 x86_64 GNU/Linux"),
        ("opensuse-tumbleweed/rolling/x86_64/6.9.7-1-default", "Linux version 6.9.7-1-default (geeko@buildhost) (gcc (SUSE Linux) 13.3.0, GNU ld (GNU Binutils; openSUSE Tumbleweed) 2.42.0.20240130-3) #1 SMP PREEMPT_DYNAMIC Thu Jun 27 13:45:44 UTC 2024 (af8aa3c)"),
        ("sles/12/i686/5.3.18-57-pae", "Linux node 5.3.18-57-pae #1 SMP Wed Apr 28 10:54:41 UTC 2021 (ba3c2e9) i686 i686 i386 GNU/Linux"),
        ("arch/rolling/x86_64/6.9.7-arch1-1", "Linux archlinux 6.9.7-arch1-1 #1 SMP PREEMPT_DYNAMIC Fri, 28 Jun 2024 04:32:50 +0000 x86_64 GNU/Linux"),
        ("arch/rolling/x86_64/6.6.36-1-lts", "Linux version 6.6.36-1-lts (linux-lts@archlinux) (gcc (GCC) 14.1.1 20240522, GNU ld (GNU Binutils) 2.42.0) #1 SMP PREEMPT_DYNAMIC Thu, 27 Jun 2024 15:37:01 +0000"),
        ("manjaro/24.0/x86_64/6.6.32-1-MANJARO", "Linux n 6.6.32-1-MANJARO #1 SMP PREEMPT_DYNAMIC Sat May 25 20:20:51 UTC 2024 x86_64 GNU/Linux"),
        ("gentoo/2.15/x86_64/6.6.30-gentoo-dist", "Linux gentoo 6.6.30-gentoo-dist #1 SMP PREEMPT_DYNAMIC Thu May  9 15:15:35 -00 2024 x86_64 AMD Ryzen 9 5950X 16-Core Processor AuthenticAMD GNU/Linux"),
        ("alpine/3.20/x86_64/6.6.34-0-virt", "Linux localhost 6.6.34-0-virt #1-Alpine SMP PREEMPT_DYNAMIC 2024-06-17 07:54:27 x86_64 Linux"),
        ("alpine/3.20/arm64/6.6.34-1-lts", "Linux version 6.6.34-1-lts (buildozer@build-3-20-aarch64) (gcc (Alpine 13.2.1_git20240309) 13.2.1 20240309, GNU ld (GNU Binutils) 2.42) #2-Alpine SMP PREEMPT_DYNAMIC Mon, 17 Jun 2024 14:00:09 +0000"),
        ("void/rolling/x86_64/6.6.34_1", "Linux version 6.6.34_1 (voidlinux@voidlinux) (gcc (GCC) 13.2.0, GNU ld (GNU Binutils) 2.41) #1 SMP PREEMPT_DYNAMIC Mon Jun 17 02:44:46 UTC 2024"),
        ("nixos/24.05/x86_64/6.6.32", "Linux nixos 6.6.32 #1-NixOS SMP PREEMPT_DYNAMIC Sat May 25 14:22:56 UTC 2024 x86_64 GNU/Linux"),
        ("slackware/15.0/x86_64/5.15.145", "Linux darkstar 5.15.145 #1 SMP PREEMPT_DYNAMIC Sat Dec 23 18:32:00 CST 2023 x86_64 Intel(R) Core(TM) i7-8550U CPU @ 1.80GHz GenuineIntel GNU/Linux"),
        ("cos/101/x86_64/5.10.147+", "Linux version 5.10.147+ (builder@localhost) (Chromium OS 15.0_pre458507_p20220602-r18 clang version 15.0.0, LLD 15.0.0) #1 SMP Sat Oct 29 05:44:49 UTC 2022"),
        ("flatcar/3510.2.8/x86_64/5.15.129-flatcar", "Linux version 5.15.129-flatcar (build@pony-truck.infra.kinvolk.io) (x86_64-cros-linux-gnu-gcc (Gentoo Hardened 11.3.0 p4) 11.3.0, GNU ld (Gentoo 2.39 p5) 2.39.0) #1 SMP Wed Aug 30 18:34:29 -00 2023"),
        ("talos/1.7/arm64/6.6.33-talos", "Linux talos-x 6.6.33-talos #1 SMP Tue Jun 18 14:25:10 UTC 2024 aarch64 Linux"),
        ("wsl/2/x86_64/5.15.146.1-microsoft-standard-WSL2", "Linux DESKTOP-1 5.15.146.1-microsoft-standard-WSL2 #1 SMP Thu Jan 11 04:09:03 UTC 2024 x86_64 x86_64 x86_64 GNU/Linux"),
        ("linuxkit/4/arm64/6.6.31-linuxkit", "Linux docker-desktop 6.6.31-linuxkit #1 SMP Thu May 23 08:36:57 UTC 2024 aarch64 Linux"),
        ("android/14/arm64/5.10.110-android12-9-00004-g5b5b6a8a1f1c", "Linux version 5.10.110-android12-9-00004-g5b5b6a8a1f1c (build-user@build-host) (Android (7284624, based on r416183b) clang version 12.0.5, LLD 12.0.5) #1 SMP PREEMPT Thu Aug 11 03:54:24 UTC 2022"),
        ("synology/7.2/x86_64/4.4.302+", "Linux nas 4.4.302+ #69057 SMP Fri Jan 12 17:02:28 CST 2024 x86_64 GNU/Linux synology_geminilake_920+"),
        ("truenas/25.04/x86_64/6.12.15-production+truenas", "Linux truenas 6.12.15-production+truenas #1 SMP PREEMPT_DYNAMIC Mon May 26 13:44:31 UTC 2025 x86_64 GNU/Linux"),
        ("unraid/6.12/x86_64/6.1.79-Unraid", "Linux Tower 6.1.79-Unraid #1 SMP PREEMPT_DYNAMIC Fri Mar 29 13:34:03 PDT 2024 x86_64 Intel(R) Celeron(R) GenuineIntel GNU/Linux"),
        ("openwrt/23.05/arm64/5.15.150", "Linux version 5.15.150 (builder@buildhost) (aarch64-openwrt-linux-musl-gcc (OpenWrt GCC 12.3.0 r23809-234f1a2efa) 12.3.0, GNU ld (GNU Binutils) 2.40.0) #0 SMP Fri Mar 22 22:09:42 2024"),
        ("l4t/35.4/arm64/5.10.120-tegra", "Linux jetson 5.10.120-tegra #1 SMP PREEMPT Tue Aug 1 12:32:50 PDT 2023 aarch64 aarch64 aarch64 GNU/Linux"),
        ("kylin/v10/arm64/4.19.90-52.22.v2207.ky10.aarch64", "Linux n 4.19.90-52.22.v2207.ky10.aarch64 #1 SMP Tue Mar 14 11:52:45 CST 2023 aarch64 aarch64 aarch64 GNU/Linux"),
        ("openeuler/22.03/x86_64/5.10.0-60.18.0.50.oe2203.x86_64", "Linux n 5.10.0-60.18.0.50.oe2203.x86_64 #1 SMP Wed Mar 30 03:12:24 UTC 2022 x86_64 x86_64 x86_64 GNU/Linux"),
        ("anolis/8/x86_64/5.10.134-13.an8.x86_64", "Linux n 5.10.134-13.an8.x86_64 #1 SMP Mon Jan 9 10:39:46 CST 2023 x86_64 x86_64 x86_64 GNU/Linux"),
        ("alinux/3/x86_64/5.10.134-12.2.al8.x86_64", "Linux n 5.10.134-12.2.al8.x86_64 #1 SMP Thu Oct 27 10:07:15 CST 2022 x86_64 x86_64 x86_64 GNU/Linux"),
        ("tencentos/3.1/x86_64/5.4.119-19.0009.28", "Linux VM-0-2-tencentos 5.4.119-19.0009.28 #1 SMP Thu May 18 10:37:10 CST 2023 x86_64 x86_64 x86_64 GNU/Linux"),
        ("pop/22.04/x86_64/6.9.3-76060903-generic", "Linux pop-os 6.9.3-76060903-generic #202405300957~1718348209~22.04~7817b67 SMP PREEMPT_DYNAMIC Mon J x86_64 x86_64 x86_64 GNU/Linux"),
        ("vyos/1.4/x86_64/6.6.32-amd64-vyos", "Linux vyos 6.6.32-amd64-vyos #1 SMP PREEMPT_DYNAMIC Sat May 25 14:44:32 UTC 2024 x86_64 GNU/Linux"),
        ("custom/local/riscv64/6.1.55-riscv-board", "Linux board 6.1.55-riscv-board #3 SMP PREEMPT Tue Apr  2 08:11:13 UTC 2024 riscv64 GNU/Linux"),
        ("custom/local/loongarch64/6.6.0-mine", "Linux n 6.6.0-mine #1 SMP PREEMPT_DYNAMIC Mon Jan  1 00:00:00 UTC 2024 loongarch64 GNU/Linux"),
        ("custom/local/x86_64/6.10.0-rc3+", "Linux dev 6.10.0-rc3+ #12 SMP PREEMPT_DYNAMIC Mon Jun 17 10:11:12 CEST 2024 x86_64 x86_64 x86_64 GNU/Linux"),
        ("custom/local/x86_64/6.18.44-fc-v669", "Linux version 6.18.44-fc-v669 (root@builder) (gcc (Debian 12.2.0-14) 12.2.0, GNU ld (GNU Binutils for Debian) 2.40) #1 SMP PREEMPT_DYNAMIC Tue Nov 11 10:00:00 UTC 2025"),
    ];

    private static readonly KernelResolver Resolver = new(new KernelIndex(Texts.Select((t, i) => KernelNamed(t.Id, i))));

    public static TheoryData<string, string> All => new(Texts.Select(t => (t.Id, t.Text)));

    [Theory]
    [MemberData(nameof(All))]
    public void A_kernels_own_words_find_it_among_all_others(string id, string text) =>
        Assert.Equal(id, Assert.IsType<KernelFound>(Resolver.Resolve(new(text))).Kernel.Id);

    // What a shell makes of "?kernel=$(uname -a)" with spaces as '+' and nothing else encoded.
    [Theory]
    [MemberData(nameof(All))]
    public void A_plus_that_became_a_space_changes_nothing(string id, string text) =>
        Assert.Equal(id, Assert.IsType<KernelFound>(Resolver.Resolve(new(text.Replace('+', ' ')))).Kernel.Id);

    [Fact]
    public void There_are_at_least_80() => Assert.InRange(Texts.Length, 80, 200);

    private static Kernel KernelNamed(string id, int number)
    {
        var parts = id.Split('/');
        return new(id, parts[0], parts[1], parts[2], parts[3], Digest.Of(BitConverter.GetBytes(number)), 100, "import", DateTimeOffset.UnixEpoch, []);
    }
}
