// A face, or initials on a colour that the id decides.

import { css } from "../vendor/lit.js";

export const avatarStyles = css`
  .avatar {
    --size: 40px;
    position: relative;
    display: inline-grid;
    place-items: center;
    flex: none;
    width: var(--size);
    height: var(--size);
    border-radius: 50%;
    overflow: hidden;
    background: oklch(48% 0.075 var(--hue, 195));
    color: white;
    font-size: calc(var(--size) * 0.38);
    font-weight: 600;
    line-height: 1;
    letter-spacing: 0.01em;
    user-select: none;
  }

  .avatar.small {
    --size: 32px;
  }

  .avatar.large {
    --size: 88px;
  }

  .avatar img {
    position: absolute;
    inset: 0;
    width: 100%;
    height: 100%;
    object-fit: cover;
  }

  .hue-0 {
    --hue: 20;
  }
  .hue-1 {
    --hue: 55;
  }
  .hue-2 {
    --hue: 95;
  }
  .hue-3 {
    --hue: 140;
  }
  .hue-4 {
    --hue: 170;
  }
  .hue-5 {
    --hue: 205;
  }
  .hue-6 {
    --hue: 240;
  }
  .hue-7 {
    --hue: 275;
  }
  .hue-8 {
    --hue: 310;
  }
  .hue-9 {
    --hue: 345;
  }
`;
